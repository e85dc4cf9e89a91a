package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDomainTest {
  /** UTF-8, as bytes in ISO-8859-1. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "b\u00fccher.example, xn--bcher-kva.example",
    ".b\u00fccher.example, .xn--bcher-kva.example",
    "X.B\u00dcCHER.Example, x.xn--bcher-kva.example"
  })
  void labels(String domain, String expected) {
    assertEquals(Optional.of(expected), MailDomain.labels(bytes(domain)));
    assertEquals(
        bytes(expected.replace("xn--bcher-kva", "b\u00fccher")), MailDomain.utf8(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a_b..c.", "xn--bcher-kva.example", "xn--", "[1.2.3.4]"})
  void whatIsAsciiStays(String domain) {
    assertEquals(Optional.of(domain), MailDomain.labels(domain));
  }

  @Test
  void nothingThrows() {
    var random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(6); j >= 0; j--) {
        text.appendCodePoint(
            random.nextBoolean() ? random.nextInt(0x300) : random.nextInt(0x110000));
      }
      MailDomain.labels(bytes(text.toString()));
      MailDomain.labels(text.toString().replaceAll("[^\u0000-\u00ff]", ""));
      MailDomain.utf8(bytes(text.toString()));
    }
    assertEquals("xn--!", MailDomain.utf8("xn--!"));
    MailDomain.labels(bytes("\u00fc.".repeat(10_000)));
  }
}
