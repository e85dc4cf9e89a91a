package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import org.sluice.api.smtp.LineEnds;

/** Reads the message of BDAT, chunk by chunk (RFC 3030): counted octets, no dots. */
final class ChunkReader {
  private final Intake message;
  private final LineEnds policy;
  private byte[] block = new byte[0];
  private boolean heldCr;
  private boolean lineOpen;

  /** A reader for one message. */
  ChunkReader(Intake message, LineEnds policy) {
    this.message = message;
    this.policy = policy;
  }

  /** Reads one chunk. A CR at its end may belong to an LF at the start of the next one. */
  void read(Input in, long octets) throws IOException {
    for (long left = octets; left > 0; ) {
      int from = available(in);
      int to = (int) Math.min(in.limit(), from + left);
      in.position(to);
      left -= to - from;
      int length = decode(in.buffer(), from, to); // may make a longer block
      message.take(in.buffer(), from, to, block, length);
    }
  }

  /** Ends the message: the queue wants whole lines. */
  void end() throws IOException {
    byte[] rest = heldCr ? new byte[] {bareCr(), '\n'} : new byte[] {'\n'};
    if (heldCr || lineOpen) {
      message.take(rest, 0, 0, rest, rest.length);
    }
  }

  /** Reads a chunk that nobody wants. */
  static void skip(Input in, long octets) throws IOException {
    for (long left = octets; left > 0; ) {
      int from = available(in);
      int to = (int) Math.min(in.limit(), from + left);
      in.position(to);
      left -= to - from;
    }
  }

  private static int available(Input in) throws IOException {
    if (!in.buffered() && !in.fill()) {
      throw new SessionEnd("", 1);
    }
    return in.position();
  }

  /** Decodes into {@link #block}; the length. */
  private int decode(byte[] bytes, int from, int to) {
    block = block.length < to - from + 1 ? new byte[to - from + 1] : block;
    int w = 0;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\n' && !heldCr && policy.lineFeed() != LineEnds.BareLf.NORMALIZE) {
        message.bareLf();
      }
      if (heldCr && b != '\n') {
        block[w++] = bareCr();
      }
      heldCr = b == '\r';
      if (!heldCr) {
        block[w++] = b;
        lineOpen = b != '\n';
      }
    }
    return w;
  }

  /** What a CR becomes that turns out to be bare. */
  private byte bareCr() {
    if (policy.carriageReturn() == LineEnds.BareCr.REJECT) {
      message.bareCr();
    }
    return (byte) (policy.carriageReturn() == LineEnds.BareCr.CONVERT ? ' ' : '\r');
  }
}
