package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.Header;

class HeaderReaderTest {
  private static Header read(String text) throws IOException {
    return HeaderReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void keepsFoldingAndStopsAtTheEmptyLine() throws IOException {
    var header = read("Subject: a\n  b\nTo: x@y\n\nNot: this\n");
    assertEquals(2, header.fields().size());
    assertEquals(Optional.of(" a\n  b"), header.first("subject"));
  }

  @Test
  void stopsAtALineThatIsNoField() throws IOException {
    assertEquals(1, read("A: b\nno field\nC: d\n\n").fields().size());
    assertEquals(0, read("\nA: b\n").fields().size());
    assertEquals(0, read("").fields().size());
  }

  @Test
  void aNameHasNoBlanksAndNoOctetsAbove126() throws IOException {
    assertEquals(0, read(" A: b\n\n").fields().size());
    assertEquals(0, read("From a@b Tue Nov 24 11:46:07 2026\nA: b\n\n").fields().size());
    assertEquals(0, read("\u00e9: b\n\n").fields().size());
    assertEquals(0, read(": b\n\n").fields().size());
    assertEquals(Optional.of(" b"), read("A \t: b\n\n").first("A"));
  }

  @Test
  void keepsEveryByteOfAField() throws IOException {
    String text = "Subject : \u00e9\n\tx\n \nB:\nlast: y";
    var raw =
        HeaderReader.raw(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(List.of("Subject : \u00e9\n\tx\n \n", "B:\n", "last: y"), raw.fields());
  }

  @Test
  void isBounded() throws IOException {
    String much = "x".repeat(HeaderReader.LIMIT);
    assertTrue(read("A: " + much + "\n\n").truncated());
    assertTrue(read("A: b\nC" + much + ": d\n\n").truncated());
    assertFalse(read("A: b\nno field\n" + much).truncated());
    var many = read("A:\n".repeat(HeaderReader.FIELDS + 1));
    assertTrue(many.truncated());
    assertEquals(HeaderReader.FIELDS, many.fields().size());
    assertFalse(read("A:\n".repeat(HeaderReader.FIELDS)).truncated());
  }

  @Test
  void formatsDatesAsQmailDoes() {
    var instant = Instant.parse("2026-11-04T11:46:07Z");
    assertEquals("4 Nov 2026 11:46:07 -0000", MailDate.rfc822(instant));
    assertEquals("Wed Nov 04 11:46:07 2026", MailDate.mbox(instant));
  }
}
