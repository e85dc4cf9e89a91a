package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the script hands over. */
class QmailStartTest {
  private static String digits(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void octetsComeThrough() {
    String octets = "|preline x\n./Maildir/\n\t \u00ff%'\"";
    assertEquals(octets, QmailStart.octets(digits(octets)));
    assertEquals("", QmailStart.octets(""));
  }

  @Test
  void variablesAreWhateverHasAnEqualsSignAndTheLastCounts() {
    String block = "A.B=1\0EMPTY=\0E=a=b\nc\0=x\0none\0O=\u00fe\0E=last\0";
    assertEquals(
        Map.of("A.B", "1", "EMPTY", "", "E", "last", "O", "\u00fe"),
        QmailStart.variables(digits(block)));
    assertEquals(Map.of(), QmailStart.variables(""));
  }

  @Test
  void anyOtherProcessWasNotStartedSo() {
    assertFalse(QmailStart.started());
    assertEquals(Optional.empty(), QmailStart.delivery());
    assertEquals(Optional.empty(), QmailStart.environment());
  }
}
