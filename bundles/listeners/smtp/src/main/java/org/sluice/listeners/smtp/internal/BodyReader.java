package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.OutputStream;

/** Reads a message up to the final dot, a block at a time (spec 20 section 7.7). */
final class BodyReader {
  private enum State {
    LINE,
    TEXT,
    DOT,
    DOT_CR,
    HELD_CR,
    END
  }

  private final Input in;
  private final OutputStream out;
  private final long limit;
  private final Hops hops = new Hops();
  private State state = State.LINE;
  private byte[] block = new byte[0];
  private int length;
  private long size;
  private boolean failed;

  /**
   * A reader for one message.
   *
   * @param limit octets at most, 0 for no limit
   */
  BodyReader(Input in, OutputStream out, long limit) {
    this.in = in;
    this.out = out;
    this.limit = limit;
  }

  boolean tooManyHops() {
    return hops.exceeded();
  }

  boolean tooLong() {
    return limit > 0 && size > limit;
  }

  /**
   * Reads to the end of the message. After too many hops, too many octets or a failed write the
   * rest is read and dropped.
   *
   * @throws IOException if the client is gone; what the queue threw is thrown at the end
   */
  void read() throws IOException, SessionEnd {
    IOException trouble = null;
    while (state != State.END) {
      if (!in.buffered() && !in.fill()) {
        throw new SessionEnd("", 1);
      }
      int from = in.position();
      int to = decode(in.buffer(), from, in.limit());
      hops.scan(in.buffer(), from, to);
      in.position(to);
      size += length;
      if (!failed && (tooLong() || tooManyHops())) {
        failed = true;
      }
      if (!failed && length > 0) {
        try {
          out.write(block, 0, length);
        } catch (IOException e) {
          failed = true;
          trouble = e;
        }
      }
    }
    if (trouble != null) {
      throw trouble;
    }
  }

  /** Reads to the end of the message and drops it: the queue has failed already. */
  void skip() throws IOException, SessionEnd {
    failed = true;
    read();
  }

  /** Decodes into {@link #block}; where it stopped: the end of the input, or of the message. */
  private int decode(byte[] bytes, int from, int to) throws SessionEnd {
    int most = 2 * (to - from) + 4; // DOT_CR gives out what was held before
    block = block.length < most ? new byte[most] : block;
    int w = 0;
    int i = from;
    while (i < to && state != State.END) {
      byte b = bytes[i++];
      if (b == '\n') {
        if (state == State.HELD_CR) {
          block[w++] = '\n';
          state = State.LINE;
        } else if (state == State.DOT_CR) {
          state = State.END;
        } else {
          throw new SessionEnd("451 See https://cr.yp.to/docs/smtplf.html.", 1);
        }
      } else if (b == '\r') {
        if (state == State.HELD_CR) {
          block[w++] = '\r';
        } else if (state == State.DOT_CR) {
          block[w++] = '.';
          block[w++] = '\r';
        }
        state = state == State.DOT ? State.DOT_CR : State.HELD_CR;
      } else {
        if (state == State.HELD_CR) {
          block[w++] = '\r';
        } else if (state == State.DOT_CR) {
          block[w++] = '.';
          block[w++] = '\r';
        } else if (state == State.LINE && b == '.') {
          state = State.DOT;
          continue;
        }
        state = State.TEXT;
        block[w++] = b;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') {
          block[w++] = bytes[i++];
        }
      }
    }
    length = w;
    return i;
  }
}
