package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyEncoderTest {
  /** In pieces of so many octets. */
  private static String encoded(BodyEncoder encoder, String text, int piece) {
    var out = new StringBuilder();
    for (int at = 0; at < text.length(); at += piece) {
      String part = text.substring(at, Math.min(text.length(), at + piece));
      byte[] wire = new byte[BodyEncoder.room(part.length())];
      byte[] octets = part.getBytes(StandardCharsets.ISO_8859_1);
      int length = encoder.encode(octets, octets.length, wire);
      out.append(new String(wire, 0, length, StandardCharsets.ISO_8859_1));
    }
    assertFalse(encoder.partialLine());
    return out.append(encoder.end()).toString();
  }

  private static String plain(String written) {
    return written.replace("R", "\r").replace("N", "\n");
  }

  /** Spec 30 section 2.9; the last four would end the message. R is CR and N is LF. */
  @ParameterizedTest
  @CsvSource({
    ".N..aNb.N.cN,..RN...aRNb.RN..cRN.RN",
    "aRNbRcRNRRNdR,aRNbRNcRNRNRRNdRN.RN",
    "aR.bN,aRN.bRN.RN",
    "R,RN.RN",
    "aR.N,aRN..RN.RN",
    "aR.RN,aRN..RN.RN",
    "aR.RbN,aRN..RNbRN.RN",
    "aR.R.N,aRN..RN..RN.RN",
  })
  void asQmailButForWhatEndsTheMessage(String message, String wire) {
    for (int piece : new int[] {1, 2, 100}) {
      assertEquals(plain(wire), encoded(new BodyEncoder(), plain(message), piece));
    }
  }

  @Test
  void nothingInMessageEndsIt() {
    var random = new Random(4711);
    for (int round = 0; round < 20_000; round++) {
      var message = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        message.append("\r\n.a".charAt(random.nextInt(4)));
      }
      String text = message.append('\n').toString();
      for (var encoder : new BodyEncoder[] {new BodyEncoder(), BodyEncoder.strict()}) {
        String wire = "\r\n" + encoded(encoder, text, 3);
        assertTrue(wire.endsWith("\r\n.\r\n"));
        assertEquals(wire.length() - 5, wire.indexOf("\r\n.\r\n"), () -> plainly(text));
      }
    }
  }

  private static String plainly(String text) {
    return text.replace("\r", "R").replace("\n", "N");
  }
}
