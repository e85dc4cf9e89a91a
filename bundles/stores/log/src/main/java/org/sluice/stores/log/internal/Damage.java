package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a start found that no power cut leaves behind: told to the operator, place by place. */
final class Damage {
  private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
  private static final int MOST_LINES = 50; // the rest is counted: a bad disk must not fill a log

  private int places;

  boolean any() {
    return places > 0;
  }

  int places() {
    return places;
  }

  /** Octets that are not a record, where there was at least one. */
  void unreadable(Segment segment, int from, int to) {
    note(segment.name, from, to - from, "records of unknown messages are lost");
  }

  /** A record whose head is right and whose payload is not. */
  void payload(Segment segment, int at, int type, byte[] payload) {
    note(segment.name, at, Frame.SIZE + payload.length, lost(type, payload));
  }

  /** A record that is as it was written and says what nobody understands. */
  void senseless(Segment segment, int at, RuntimeException why) {
    note(segment.name, at, 0, "a record makes no sense and is passed over: " + why);
  }

  /** A file that was put aside, now or at an earlier start. */
  void aside(String name) {
    places++;
    LOG.error(
        "{}: the header of this log segment was damaged. What is queued in it is not delivered,"
            + " what was finished in it may be delivered again. It is kept, and so are body files"
            + " that no message has, until it is moved away",
        name);
  }

  private static String lost(int type, byte[] payload) {
    boolean message = type == Frame.MESSAGE || type == Frame.COPY;
    int at = message ? Integer.BYTES : 0;
    String id =
        payload.length < at + Long.BYTES
            ? "unknown"
            : Long.toUnsignedString(ByteBuffer.wrap(payload).getLong(at));
    return switch (type) {
      case Frame.MESSAGE -> "message " + id + " (if this can be read right) is lost";
      case Frame.COPY -> "message " + id + " (if so) is lost, unless it is still where it was";
      case Frame.OUTCOME, Frame.REMOVE ->
          "what became of message " + id + " (if so) is lost, it may be delivered again";
      case Frame.HOLD -> "message " + id + " (if so) may be held or not, as before";
      default -> "no message is touched";
    };
  }

  private void note(String name, long at, long octets, String what) {
    places++;
    if (places <= MOST_LINES) {
      LOG.error("{} offset {}: {} octets damaged: {}", name, at, octets, what);
    } else if (places == MOST_LINES + 1) {
      LOG.error("{} offset {}: damaged, and more that is not listed", name, at);
    }
  }
}
