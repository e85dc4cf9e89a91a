package org.sluice.base;

/**
 * Turns a message into what follows DATA, block by block: CRLF for LF and bare CR, and a dot more
 * before each line that begins with one (spec 30 section 2.9).
 *
 * <p>As qmail has it, a dot behind a bare CR gets none, but here with one exception: CR, dot and
 * the end of the line, which from qmail ends the message on the wire, so that the next host reads
 * what follows as commands (spec 20 section 15.11). {@link #strict} is for whoever need not send
 * what qmail does.
 */
public final class BodyEncoder {
  /** Where the last byte left us. */
  private enum State {
    LINE_START,
    IN_LINE,
    AFTER_CR,
    BARE_DOT
  }

  private final boolean strict;
  private State state = State.LINE_START;

  /** One that sends what qmail sends. */
  public BodyEncoder() {
    this(false);
  }

  private BodyEncoder(boolean strict) {
    this.strict = strict;
  }

  /** One to which a bare CR is the end of a line like any other: only the message ends it. */
  public static BodyEncoder strict() {
    return new BodyEncoder(true);
  }

  /** How much room {@link #encode} needs for so many bytes. */
  public static int room(int length) {
    return 3 * length + 2;
  }

  /** Encodes {@code length} bytes of {@code in}; returns how many it put into {@code out}. */
  public int encode(byte[] in, int length, byte[] out) {
    int n = 0;
    State now = state;
    for (int i = 0; i < length; i++) {
      byte b = in[i];
      if (now == State.AFTER_CR) {
        out[n++] = '\r';
        out[n++] = '\n';
        now = State.LINE_START;
        if (b == '\n') {
          continue;
        }
        if (!strict) {
          // qmail does not look at this byte again, neither for a dot nor for a CR.
          out[n++] = b;
          now = b == '.' ? State.BARE_DOT : State.IN_LINE;
          continue;
        }
      }
      if (now == State.BARE_DOT && (b == '\n' || b == '\r')) {
        out[n++] = '.';
      }
      if (b == '\n') {
        out[n++] = '\r';
        out[n++] = '\n';
        now = State.LINE_START;
      } else if (b == '\r') {
        now = State.AFTER_CR;
      } else {
        if (b == '.' && now == State.LINE_START) {
          out[n++] = '.';
        }
        out[n++] = b;
        now = State.IN_LINE;
      }
    }
    state = now;
    return n;
  }

  /** Whether the message ended inside a line, which SMTP cannot say. */
  public boolean partialLine() {
    return state == State.IN_LINE || state == State.BARE_DOT;
  }

  /** What closes the body. */
  public String end() {
    return state == State.AFTER_CR ? "\r\n.\r\n" : ".\r\n";
  }
}
