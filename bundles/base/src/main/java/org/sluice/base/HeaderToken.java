package org.sluice.base;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A token of a structured header field (spec 30 section 6.3).
 *
 * @param text what it stands for, without quotes, brackets and backslashes; bytes as ISO-8859-1
 */
public record HeaderToken(Kind kind, String text) {
  /** The sorts of token. */
  public enum Kind {
    ATOM,
    QUOTE,
    LITERAL,
    COMMENT,
    DOT,
    COMMA,
    AT,
    LEFT,
    RIGHT,
    COLON,
    SEMI
  }

  /** A comma. */
  public static final HeaderToken COMMA = new HeaderToken(Kind.COMMA, ",");

  /** An at sign. */
  public static final HeaderToken AT = new HeaderToken(Kind.AT, "@");

  /** A left angle bracket. */
  public static final HeaderToken LEFT = new HeaderToken(Kind.LEFT, "<");

  /** A right angle bracket. */
  public static final HeaderToken RIGHT = new HeaderToken(Kind.RIGHT, ">");

  /** A colon. */
  public static final HeaderToken COLON = new HeaderToken(Kind.COLON, ":");

  private static final List<HeaderToken> SPECIALS =
      List.of(
          new HeaderToken(Kind.DOT, "."),
          COMMA,
          AT,
          LEFT,
          RIGHT,
          COLON,
          new HeaderToken(Kind.SEMI, ";"));
  private static final String SPECIAL = ".,@<>:;";
  private static final String WHITE = " \t\r\n";
  private static final String ENDS_ATOM = WHITE + "([\"<>;:@,.";

  /** The text is no sequence of tokens, or no address list. */
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String why) {
      super(why);
    }
  }

  /** Splits a whole field, its name and colon included, or any other text. */
  public static List<HeaderToken> of(String text) throws SyntaxException {
    return new Scanner(text).tokens();
  }

  /** A word: an atom if it has nothing that only quotes protect. */
  private static HeaderToken word(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == ')' || c == ']' || c == '\\') {
        return new HeaderToken(Kind.QUOTE, text);
      }
    }
    return new HeaderToken(Kind.ATOM, text);
  }

  /** As in an envelope: without quotes, comments and blanks (spec 30 section 6.7). */
  public static String flatten(List<HeaderToken> address) {
    var out = new StringBuilder();
    for (HeaderToken token : address) {
      switch (token.kind) {
        case COMMENT -> {}
        case LITERAL -> out.append('[').append(token.text).append(']');
        default -> out.append(token.text);
      }
    }
    return out.toString();
  }

  private static final class Scanner {
    private final String text;
    private final List<HeaderToken> tokens = new ArrayList<>();
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    List<HeaderToken> tokens() throws SyntaxException {
      while (at < text.length()) {
        char c = text.charAt(at);
        int special = SPECIAL.indexOf(c);
        if (WHITE.indexOf(c) >= 0) {
          at++;
        } else if (special >= 0) {
          tokens.add(SPECIALS.get(special));
          at++;
        } else if (c == ')' || c == ']') {
          throw new SyntaxException("stray " + c);
        } else if (c == '(') {
          comment();
        } else if (c == '"') {
          tokens.add(new HeaderToken(Kind.QUOTE, upTo('"')));
        } else if (c == '[') {
          tokens.add(new HeaderToken(Kind.LITERAL, upTo(']')));
        } else {
          atom();
        }
      }
      return Collections.unmodifiableList(tokens);
    }

    /** The parentheses inside shape the nesting and are dropped. */
    private void comment() throws SyntaxException {
      var content = new StringBuilder();
      int depth = 0;
      do {
        char c = take("comment");
        if (c == '(') {
          depth++;
        } else if (c == ')') {
          depth--;
        } else {
          content.append(c == '\\' ? take("comment") : c);
        }
      } while (depth > 0);
      tokens.add(new HeaderToken(Kind.COMMENT, content.toString()));
    }

    private String upTo(char close) throws SyntaxException {
      var content = new StringBuilder();
      at++;
      for (char c = take("quoted part"); c != close; c = take("quoted part")) {
        content.append(c == '\\' ? take("quoted part") : c);
      }
      return content.toString();
    }

    private char take(String where) throws SyntaxException {
      if (at == text.length()) {
        throw new SyntaxException("unterminated " + where);
      }
      return text.charAt(at++);
    }

    private void atom() {
      var content = new StringBuilder();
      do {
        if (text.charAt(at) == '\\' && ++at == text.length()) {
          break;
        }
        content.append(text.charAt(at++));
      } while (at < text.length() && ENDS_ATOM.indexOf(text.charAt(at)) < 0);
      tokens.add(word(content.toString()));
    }
  }
}
