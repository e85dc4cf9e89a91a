package org.sluice.base;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.HeaderToken.SyntaxException;

/** Walks the addresses of a field from right to left (spec 30 section 6.4). Run once. */
public final class AddressList {
  private static final int NAME_AND_COLON = 2;
  private static final Set<Kind> PHRASE =
      EnumSet.of(Kind.COMMENT, Kind.ATOM, Kind.QUOTE, Kind.AT, Kind.DOT);

  private final List<HeaderToken> field;
  private final UnaryOperator<List<HeaderToken>> rewrite;
  private final Deque<HeaderToken> pending = new ArrayDeque<>();
  private final Deque<HeaderToken> out = new ArrayDeque<>();
  private int at;
  private boolean inGroup;
  private boolean wordOk = true;

  private AddressList(List<HeaderToken> field, UnaryOperator<List<HeaderToken>> rewrite) {
    this.field = field;
    this.rewrite = rewrite;
    this.at = field.size() - 1;
  }

  /**
   * The addresses of a field, flattened, from right to left.
   *
   * @param field the whole text of the field
   */
  public static List<String> of(String field) throws SyntaxException {
    List<String> addresses = new ArrayList<>();
    rewrite(
        HeaderToken.of(field),
        address -> {
          addresses.add(HeaderToken.flatten(address));
          return address;
        });
    return addresses;
  }

  /**
   * Rewrites the addresses of a field.
   *
   * @param field all its tokens, the name and the colon first
   * @param rewrite called with each address in turn, before a mistake further left is found
   * @return the tokens of the field with the addresses replaced
   */
  public static List<HeaderToken> rewrite(
      List<HeaderToken> field, UnaryOperator<List<HeaderToken>> rewrite) throws SyntaxException {
    return new AddressList(field, rewrite).walk();
  }

  private List<HeaderToken> walk() throws SyntaxException {
    while (more()) {
      HeaderToken token = field.get(at);
      switch (token.kind()) {
        case SEMI -> semicolon();
        case COLON -> colon();
        case RIGHT -> bracket();
        case ATOM, QUOTE, LITERAL -> {
          if (!wordOk) {
            flushWithComma();
          }
          wordOk = false;
          pending.addFirst(field.get(at--));
        }
        case COMMENT -> copy();
        case COMMA -> {
          flush();
          wordOk = true;
          copy();
        }
        case AT, DOT, LEFT -> {
          wordOk = true;
          pending.addFirst(field.get(at--));
        }
      }
    }
    flush();
    List<HeaderToken> all =
        new ArrayList<>(field.subList(0, Math.min(NAME_AND_COLON, field.size())));
    all.addAll(out);
    return all;
  }

  private boolean more() {
    return at >= NAME_AND_COLON;
  }

  private void copy() {
    out.addFirst(field.get(at--));
  }

  private void semicolon() throws SyntaxException {
    flushWithComma();
    if (inGroup) {
      throw new SyntaxException("semicolon inside a group");
    }
    inGroup = true;
    wordOk = true;
    copy();
  }

  /** The name of the group reaches to the comma before it, whatever it holds. */
  private void colon() throws SyntaxException {
    flush();
    if (!inGroup) {
      throw new SyntaxException("colon without a group");
    }
    inGroup = false;
    while (more() && field.get(at).kind() != Kind.COMMA) {
      copy();
    }
    if (more()) {
      copy();
    }
    wordOk = true;
  }

  private void bracket() throws SyntaxException {
    flushWithComma();
    copy();
    while (more() && field.get(at).kind() != Kind.LEFT) {
      pending.addFirst(field.get(at--));
    }
    deliver(); // <> is an address too
    if (!more()) {
      throw new SyntaxException("bracket that is not opened");
    }
    copy();
    while (more() && PHRASE.contains(field.get(at).kind())) {
      copy();
    }
    wordOk = false;
  }

  private void flush() {
    if (!pending.isEmpty()) {
      deliver();
    }
  }

  private void flushWithComma() {
    if (!pending.isEmpty()) {
      deliver();
      out.addFirst(HeaderToken.COMMA);
    }
  }

  private void deliver() {
    List<HeaderToken> address = rewrite.apply(List.copyOf(pending));
    for (int i = address.size() - 1; i >= 0; i--) {
      out.addFirst(address.get(i));
    }
    pending.clear();
  }
}
