package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.HeaderToken.Kind;
import org.sluice.base.HeaderToken.SyntaxException;

/** Spec 30 section 6.6. */
class HeaderPrinterTest {
  private static final String PRINTED =
      "\"[]()<>@,;:.\\ \t\r\nabcxyz0159!#$%&'*+-/=?^_`{|}~\u0000\u0001\u007f\u00e9\u00ff";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "To:a . b @ c|To: a.b@c",
        "To :  Joe   User<a@b>|To: Joe User <a@b>",
        "To:<a>b;c|To: <a>b;c",
        "To:a,,b|To: a, , b",
        "To:g:;|To: g: ;",
        "To:(x (y) z)[1 2]\"q\"w|To: (x y z) [1 2] \"q\" w",
        "To:\"a\\\"b\"|To: \"a\\\"b\"",
        "To:\"(f\"|To: \"\\(f\"",
        "To:[a\\]b]|To: [a\\]b]",
        "To:a\\ b|To: a b",
        "To:a)b|To: \"a\\)b\"",
        "To:|To:"
      })
  void spacesAndEscapes(String field, String printed) throws SyntaxException {
    assertEquals(printed + "\n", HeaderPrinter.print(HeaderToken.of(field)));
  }

  @ParameterizedTest
  @CsvSource({"22,false", "23,true"})
  void foldsBeyond78(int length, boolean folded) throws SyntaxException {
    String field = "To: " + "a".repeat(30) + "@b.example, " + "c".repeat(length) + "@b.example";
    assertEquals(
        (folded ? field.replace(", ", ",\n  ") : field) + "\n",
        HeaderPrinter.print(HeaderToken.of(field)));
  }

  @Test
  void countsTheBlanksOfContinuationsAndTheComma() throws SyntaxException {
    String one = "x".repeat(36);
    String field = "To:" + (one + ",").repeat(4) + "y";
    assertEquals(
        "To: " + one + ",\n  " + one + ", " + one + ",\n  " + one + ", y\n",
        HeaderPrinter.print(HeaderToken.of(field)));
  }

  @Test
  void aCommaAtTheEndOfALongLineLeavesALineWithABlank() throws SyntaxException {
    String field = "Cc: " + "d".repeat(64) + "@b.example,";
    assertEquals(field + "\n \n", HeaderPrinter.print(HeaderToken.of(field)));
    String shorter = field.replaceFirst("d", "");
    assertEquals(shorter + "\n", HeaderPrinter.print(HeaderToken.of(shorter)));
  }

  @Test
  void commasInsideTokensDoNotFold() {
    var quote = new HeaderToken(Kind.QUOTE, "x,".repeat(60));
    var field = List.of(new HeaderToken(Kind.ATOM, "To"), HeaderToken.COLON, quote);
    assertEquals("To: \"" + "x,".repeat(60) + "\"\n", HeaderPrinter.print(field));
  }

  /** What was printed once is parsed to what prints the same, whatever the octets were. */
  @Test
  void printingIsStable() throws SyntaxException {
    var random = new Random(20);
    int parsed = 0;
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder("To:");
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(
            random.nextInt(8) == 0
                ? (char) random.nextInt(256)
                : PRINTED.charAt(random.nextInt(PRINTED.length())));
      }
      List<HeaderToken> tokens;
      try {
        tokens = HeaderToken.of(text.toString());
      } catch (SyntaxException e) {
        continue;
      }
      parsed++;
      String printed = HeaderPrinter.print(tokens);
      List<HeaderToken> again = HeaderToken.of(printed);
      if (printed.indexOf('\\') < 0 && plain(tokens)) {
        assertEquals(tokens, again, printed);
      }
      String twice = HeaderPrinter.print(again);
      assertEquals(HeaderPrinter.print(HeaderToken.of(twice)), twice);
    }
    assertTrue(parsed > 10_000, "enough of them can be parsed: " + parsed);
  }

  /** An atom can hold a blank or a special that was escaped; it is printed bare. */
  private static boolean plain(List<HeaderToken> tokens) {
    return tokens.stream()
        .allMatch(
            t ->
                t.kind() != Kind.ATOM
                    || t.text().chars().allMatch(c -> " \t\r\n([\"<>;:@,.".indexOf(c) < 0)
                        && !t.text().isEmpty());
  }
}
