package org.sluice.listeners.smtp.internal;

import java.io.IOException;

/** Reads the message of DATA up to the final dot, a block at a time (spec 20 section 7.7). */
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
  private final Intake message;
  private State state = State.LINE;
  private byte[] block = new byte[0];
  private int length;

  /** A reader for one message. */
  BodyReader(Input in, Intake message) {
    this.in = in;
    this.message = message;
  }

  /** Reads to the end of the message, also of one that is refused. */
  void read() throws IOException {
    while (state != State.END) {
      if (!in.buffered() && !in.fill()) {
        throw new SessionEnd("", 1);
      }
      int from = in.position();
      int to = decode(in.buffer(), from, in.limit());
      in.position(to);
      message.take(in.buffer(), from, to, block, length);
    }
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
