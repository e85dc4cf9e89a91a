package org.sluice.delivery.mbox.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Puts one more {@code >} before every line that matches {@code >*From }. */
final class FromQuoter {
  private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
  private final OutputStream out;
  private int pending;
  private int matched;
  private boolean deciding = true;
  private boolean lineStart = true;

  FromQuoter(OutputStream out) {
    this.out = out;
  }

  /** Some of the message. */
  void write(byte[] block, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      byte b = block[i];
      lineStart = false;
      if (deciding) {
        decide(b);
      } else {
        out.write(b);
      }
      if (b == '\n') {
        settle(false);
        deciding = true;
        lineStart = true;
      }
    }
  }

  /** The LF that a partial last line lacks, and the blank line. */
  void end() throws IOException {
    settle(false);
    if (!lineStart) {
      out.write('\n');
    }
    out.write('\n');
  }

  private void decide(byte b) throws IOException {
    if (matched == 0 && b == '>') {
      pending++;
    } else if (b == FROM[matched]) {
      matched++;
      if (matched == FROM.length) {
        settle(true);
      }
    } else {
      settle(false);
      out.write(b);
    }
  }

  /** The line is known to match or not to: writes what was held back. */
  private void settle(boolean quote) throws IOException {
    for (int i = quote ? -1 : 0; i < pending; i++) {
      out.write('>');
    }
    out.write(FROM, 0, matched);
    pending = 0;
    matched = 0;
    deciding = false;
  }
}
