package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages on the wire, against the chapter's words taken one after the other. */
class MessageSenderTest {
  private static final int BLOCK = 32_768;

  private static String sent(String message, long lines) throws IOException {
    var wire = new ByteArrayOutputStream();
    var out = new Output(wire);
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    new MessageSender(out).send(Channels.newChannel(new ByteArrayInputStream(bytes)), lines);
    out.flush();
    return wire.toString(StandardCharsets.ISO_8859_1);
  }

  /** Line by line, as qmail-pop3d does it. */
  private static String expected(String message, long lines) {
    var wire = new StringBuilder();
    boolean header = true;
    long left = lines;
    int from = 0;
    while (from < message.length()) {
      int end = message.indexOf('\n', from);
      boolean complete = end >= 0;
      String line = message.substring(from, complete ? end : message.length());
      if (left != 0 && !header && --left == 0) {
        break;
      }
      header &= !line.isEmpty();
      wire.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
      from = complete ? end + 1 : message.length();
    }
    return wire.append("\r\n.\r\n").toString();
  }

  private static void check(String message) throws IOException {
    for (long lines : new long[] {0, 1, 2, 5, -1}) {
      assertEquals(expected(message, lines), sent(message, lines), "lines " + lines);
    }
  }

  @Test
  void smallOnes() throws IOException {
    for (String message : new String[] {"", "\n", ".", "\n.", "a: b\n\n.\n..\n", "a\r\n\r\nb"}) {
      check(message);
    }
  }

  @Test
  void whatFallsOnTheEdgeOfABlock() throws IOException {
    for (int length = BLOCK - 3; length <= BLOCK + 1; length++) {
      String filler = "x".repeat(length);
      for (String rest : new String[] {"", "\n", "\n\n", "\n.\n", "\n\n.x\n.", "..\n\n\n."}) {
        check(filler + rest);
      }
    }
  }

  @Test
  void anyMixtureOfLinesAndDots() throws IOException {
    var random = new Random(1); // the same each time
    for (int round = 0; round < 40; round++) {
      var message = new StringBuilder();
      int length = random.nextInt(3 * BLOCK);
      while (message.length() < length) {
        message.append("\n\n..\r\0\u00e9ab".charAt(random.nextInt(9)));
      }
      check(message.toString());
    }
  }
}
