package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import org.sluice.base.BodySink;
import org.sluice.base.NetstringReader;

/** Reads a message in CR LF encoding (spec 20 section 8.3): CR LF becomes LF, all else stays. */
final class LineEnds {
  private final byte[] block = new byte[8_192];
  private final byte[] decoded = new byte[block.length + 1];

  /**
   * Reads to the end of the message.
   *
   * @param length octets to read
   * @param limit octets to give out; one more and the message has failed; 0 for any
   * @return whether it was longer than the limit
   */
  boolean decode(NetstringReader in, long length, BodySink to, long limit) throws IOException {
    long written = 0;
    boolean held = false; // a CR that a LF may follow
    for (long todo = length; todo > 0; ) {
      int n = in.read(block, 0, (int) Math.min(todo, block.length));
      todo -= n;
      int size = 0;
      for (int i = 0; i < n; i++) {
        if (held && block[i] != '\n') {
          decoded[size++] = '\r';
        }
        held = block[i] == '\r';
        if (!held) {
          decoded[size++] = block[i];
        }
      }
      if (held && todo == 0) {
        decoded[size++] = '\r';
      }
      written += size;
      if (limit > 0 && written > limit) {
        to.fail();
      }
      to.write(decoded, 0, size);
    }
    return limit > 0 && written > limit;
  }
}
