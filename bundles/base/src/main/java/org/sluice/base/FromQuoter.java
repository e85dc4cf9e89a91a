package org.sluice.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of an mbox message: one more {@code >} before every line that matches {@code >*From }
 * (spec 40 section 9.1). Used by one thread; a failed write leaves the output incomplete.
 */
public final class FromQuoter {
  private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
  private final OutputStream out;
  private int pending;
  private int matched;
  private boolean deciding = true;
  private boolean lineStart = true;

  /** Writes there; the caller buffers and flushes. */
  public FromQuoter(OutputStream out) {
    this.out = out;
  }

  /** Some of the message. */
  public void write(byte[] block, int length) throws IOException {
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
  public void end() throws IOException {
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
