package org.sluice.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.HeaderToken.SyntaxException;

/** Tokens, addresses and printing of address fields (spec 30 section 6). */
class HeaderAddressFuzzTest {
  /** Atoms that only a backslash makes, and that are printed without it (6.3 and 6.6). */
  private static final Pattern BARE = Pattern.compile("|.*[ \\t\\r\\n.,@<>:;\\[\"(].*");

  @DictionaryEntries({
    "To: ", "<a@b>", "x: ;", "(c)", "\"q\"", "[1.2]", "\\", ", ", "@r,@s:", "(a(b)c)", "a b@c"
  })
  @FuzzTest
  void addresses(byte[] input) {
    String field = new String(input, ISO_8859_1);
    List<HeaderToken> tokens;
    try {
      tokens = HeaderToken.of(field);
    } catch (SyntaxException e) {
      return;
    }
    boolean printable =
        tokens.stream().allMatch(t -> t.kind() != Kind.ATOM || !BARE.matcher(t.text()).matches());
    String printed = HeaderPrinter.print(tokens);
    assertTrue(printed.endsWith("\n") && printed.length() <= 2 * field.length() + 2 * size(tokens));
    if (printable) {
      assertEquals(tokens, tokens(printed));
    }
    List<List<HeaderToken>> seen = new ArrayList<>();
    Optional<List<HeaderToken>> whole = rewrite(tokens, seen);
    whole.ifPresent(rewritten -> rewritten(tokens, rewritten, seen, printable));
    List<String> flat = seen.stream().map(HeaderToken::flatten).toList();
    assertEquals(whole.isPresent() ? Optional.of(flat) : Optional.empty(), addressesOf(field));
  }

  private static int size(List<HeaderToken> tokens) {
    return 3 + 2 * tokens.size();
  }

  /** Nothing is lost or made up but commas, and a second walk finds the same. */
  private static void rewritten(
      List<HeaderToken> tokens,
      List<HeaderToken> rewritten,
      List<List<HeaderToken>> seen,
      boolean printable) {
    assertEquals(sorted(tokens), sorted(rewritten));
    assertTrue(rewritten.size() - tokens.size() <= seen.size(), "a comma an address at most");
    List<List<HeaderToken>> again = new ArrayList<>();
    assertEquals(Optional.of(rewritten), rewrite(rewritten, again));
    assertEquals(seen, again);
    if (printable) {
      assertEquals(rewritten, tokens(HeaderPrinter.print(rewritten)));
    }
  }

  private static List<String> sorted(List<HeaderToken> tokens) {
    return tokens.stream()
        .filter(t -> t.kind() != Kind.COMMA)
        .map(HeaderToken::toString)
        .sorted()
        .toList();
  }

  private static Optional<List<HeaderToken>> rewrite(
      List<HeaderToken> tokens, List<List<HeaderToken>> seen) {
    try {
      return Optional.of(
          AddressList.rewrite(
              tokens,
              address -> {
                seen.add(address);
                return address;
              }));
    } catch (SyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> addressesOf(String field) {
    try {
      return Optional.of(AddressList.of(field));
    } catch (SyntaxException e) {
      return Optional.empty();
    }
  }

  private static List<HeaderToken> tokens(String printed) {
    try {
      return HeaderToken.of(printed);
    } catch (SyntaxException e) {
      throw new AssertionError(printed, e);
    }
  }
}
