package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.LineEnds;

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
  private final LineEnds policy;
  private State state = State.LINE;
  private byte[] block = new byte[0];
  private int length;

  /** A reader for one message. */
  BodyReader(Input in, Intake message, LineEnds policy) {
    this.in = in;
    this.message = message;
    this.policy = policy;
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
          w = bareLf(w);
        }
      } else if (b == '\r') {
        if (state == State.HELD_CR) {
          block[w++] = bareCr();
        } else if (state == State.DOT_CR) {
          block[w++] = '.';
          block[w++] = bareCr();
        }
        state = state == State.DOT ? State.DOT_CR : State.HELD_CR;
      } else {
        if (state == State.HELD_CR) {
          block[w++] = bareCr();
        } else if (state == State.DOT_CR) {
          block[w++] = '.';
          block[w++] = bareCr();
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

  /**
   * A line feed that ends no line of SMTP: what follows is in the midst of a line, so that a dot
   * there neither goes nor ends the message. A dot that was held has no line of its own either.
   */
  private int bareLf(int at) throws SessionEnd {
    switch (policy.lineFeed()) {
      case REJECT_451 -> throw new SessionEnd("451 See https://cr.yp.to/docs/smtplf.html.", 1);
      case REJECT_521 -> throw new SessionEnd(Reply.of(521, "5.5.2", "bare <LF> received"), 1);
      case REJECT_550_AT_END -> message.bareLf();
      case NORMALIZE -> {
        // it is text
      }
    }
    int w = at;
    if (state == State.DOT) {
      block[w++] = '.';
    }
    block[w++] = '\n';
    state = State.TEXT;
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
