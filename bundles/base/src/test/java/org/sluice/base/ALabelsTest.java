package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ALabelsTest {
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The long ones are from RFC 3492 section 7.1. */
  @ParameterizedTest
  @CsvSource({
    "b\u00fccher.example, xn--bcher-kva.example",
    "www.B\u00dcCHER.Example, www.xn--bcher-kva.Example",
    "bu\u0308cher, xn--bcher-kva",
    "fa\u00df.de, xn--fa-hia.de",
    "\u03b2\u03cc\u03bb\u03bf\u03c2.com, xn--nxasmm1c.com",
    "\u0440\u0444, xn--p1ai",
    "\u65e5\u672c\u8a9e.jp, xn--wgv71a119e.jp",
    "\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587, xn--ihqwcrb4cv8a8dqg056pqjye",
    "3\u5e74b\u7d44\u91d1\u516b\u5148\u751f, xn--3b-ww4c5e180e575a65lsy2b",
    "\ud83d\udca9.la, xn--ls8h.la",
    "plain.example, plain.example"
  })
  void asTheDnsHasIt(String domain, String expected) {
    assertEquals(Optional.of(expected), ALabels.domain(bytes(domain)));
  }

  @Test
  void whatHasNoSuchFormHasNone() {
    assertEquals(Optional.empty(), ALabels.domain("\u00fc.example"));
    assertEquals(Optional.empty(), ALabels.domain(bytes("\u00fc".repeat(70))));
    assertEquals(Optional.empty(), ALabels.address(bytes("\u00fc@x")));
  }

  @Test
  void onlyTheDomainOfAnAddress() {
    assertEquals(Optional.of("a@b@xn--tda"), ALabels.address(bytes("a@b@\u00fc")));
    assertEquals(Optional.of("a"), ALabels.address("a"));
  }
}
