package org.sluice.base;

import java.util.List;
import org.sluice.base.HeaderToken.Kind;

/** Writes the tokens of a field, folded after commas (spec 30 section 6.6). */
public final class HeaderPrinter {
  private static final int LINE = 78;
  private static final String ESCAPED = "\"[]()\\\r\n";

  private final StringBuilder out = new StringBuilder();
  private int line;
  private int segment;

  private HeaderPrinter() {}

  /** The field, its last line ended by LF. */
  public static String print(List<HeaderToken> tokens) {
    var printer = new HeaderPrinter();
    boolean first = true;
    Kind last = Kind.SEMI;
    for (HeaderToken token : tokens) {
      if (!first && spaced(last, token.kind())) {
        printer.out.append(' ');
      }
      first = false;
      last = token.kind();
      printer.token(token);
      if (last == Kind.COMMA) {
        printer.fold();
      }
    }
    printer.fold();
    return printer.out.append('\n').toString();
  }

  private static boolean spaced(Kind left, Kind right) {
    return left == Kind.COLON
        || left == Kind.COMMA
        || right == Kind.LEFT
        || word(left) && word(right);
  }

  private static boolean word(Kind kind) {
    return kind == Kind.ATOM || kind == Kind.QUOTE || kind == Kind.LITERAL || kind == Kind.COMMENT;
  }

  private void token(HeaderToken token) {
    switch (token.kind()) {
      case ATOM -> content(token);
      case QUOTE -> {
        out.append('"');
        content(token);
        out.append('"');
      }
      case LITERAL -> {
        out.append('[');
        content(token);
        out.append(']');
      }
      case COMMENT -> {
        out.append('(');
        content(token);
        out.append(')');
      }
      default -> out.append(token.text());
    }
  }

  private void content(HeaderToken token) {
    for (int i = 0; i < token.text().length(); i++) {
      char c = token.text().charAt(i);
      if (ESCAPED.indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
  }

  /** What was printed since the last comma goes to a line of its own if this one is too long. */
  private void fold() {
    if (segment > 0 && out.length() - line > LINE) {
      out.insert(segment, "\n ");
      line = segment + 1;
    }
    segment = out.length();
  }
}
