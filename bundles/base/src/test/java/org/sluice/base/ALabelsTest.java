package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ALabelsTest {
  /** UTF-8, as bytes in ISO-8859-1. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "b\u00fccher.example, xn--bcher-kva.example",
    "B\u00dcCHER.Example, xn--bcher-kva.example",
    ".b\u00fccher.example, .xn--bcher-kva.example",
    "\u4f8b\u3048.\u30c6\u30b9\u30c8, xn--r8jz45g.xn--zckzah",
    "x.b\u00fccher.example, x.xn--bcher-kva.example"
  })
  void labels(String domain, String expected) {
    assertEquals(Optional.of(expected), ALabels.of(bytes(domain)));
    assertEquals(Optional.of("U@x@" + expected), ALabels.address("U@x@" + bytes(domain)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "example",
        "A_b..C.",
        "xn--bcher-kva.example",
        "xn--",
        "a b",
        "[1.2.3.4]"
      })
  void whatIsAsciiStays(String domain) {
    assertEquals(Optional.of(domain), ALabels.of(domain));
    assertEquals(Optional.of("u@" + domain), ALabels.address("u@" + domain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b\u00fccher_x.example",
        "b\u00fccher..example",
        "b\u00fccher/x",
        "\u00fc b",
        "-\u00fc",
        "\ufeff",
        "\u2488\u00fc\u3002\u3002"
      })
  void whatIsNoDomainHasNone(String domain) {
    assertEquals(Optional.empty(), ALabels.of(bytes(domain)));
  }

  @Test
  void norHasWhatIsNotUtf8() {
    assertEquals(Optional.empty(), ALabels.of("b\u00fccher.example"));
    assertEquals(Optional.empty(), ALabels.of("\u00ed\u00a0\u0080"));
    assertEquals(Optional.of("\u00fc"), ALabels.address("\u00fc"));
  }

  @Test
  void tooLong() {
    assertEquals(Optional.empty(), ALabels.of(bytes("\u00fc".repeat(64))));
    ALabels.of(bytes("\u00fc.".repeat(10_000)));
  }

  @Test
  void nothingThrows() {
    var random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(6); j >= 0; j--) {
        text.appendCodePoint(
            random.nextBoolean() ? random.nextInt(0x300) : random.nextInt(0x10000));
      }
      ALabels.of(bytes(text.toString()));
      ALabels.toUtf8(bytes(text.toString()));
    }
  }

  @Test
  void andBack() {
    assertEquals(bytes("b\u00fccher.example"), ALabels.toUtf8("xn--bcher-kva.example"));
    assertEquals("xn--\u0021", ALabels.toUtf8("xn--!"));
  }
}
