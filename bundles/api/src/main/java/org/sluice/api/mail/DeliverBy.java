package org.sluice.api.mail;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * By when a message is to be delivered (RFC 2852 section 4).
 *
 * @param deadline whole seconds; when the command came, and the seconds that it gave
 * @param mode what becomes of a message that is not delivered by then
 * @param trace whether the sender wants to be told of each relay (the trace modifier T)
 */
public record DeliverBy(Instant deadline, Mode mode, boolean trace) {
  /** The by-mode. */
  public enum Mode {
    /** {@code R}: it is given up, and the sender told that it failed. */
    RETURN,
    /** {@code N}: it stays queued, and the sender is told that it is late. */
    NOTIFY
  }

  /** Cuts the deadline to whole seconds, the unit of the parameter. */
  public DeliverBy {
    deadline = deadline.truncatedTo(ChronoUnit.SECONDS);
  }
}
