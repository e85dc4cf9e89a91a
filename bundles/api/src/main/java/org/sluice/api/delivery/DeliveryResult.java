package org.sluice.api.delivery;

import java.time.Duration;
import java.util.Optional;

/** What became of one attempt. Texts are bytes as ISO-8859-1 strings and may have several lines. */
public sealed interface DeliveryResult {
  /**
   * Exit 0.
   *
   * @param detail for the log
   * @param tells whether the next host has taken over what the submitter asked to be told (RFC 3461
   *     section 5.2.1), so that the queue tells nothing
   * @param timely whether the next host has taken over by when the message is to be delivered (RFC
   *     2852 section 4.1.4). A transport that cannot pass that on leaves it false, and does not
   *     take a message with {@link org.sluice.api.mail.DeliverBy.Mode#RETURN} to another host
   */
  record Delivered(String detail, boolean tells, boolean timely) implements DeliveryResult {
    /** What was asked stays with the queue. */
    public Delivered(String detail) {
      this(detail, false);
    }

    /** There is no time by which it is to be delivered, or the next host has not taken it over. */
    public Delivered(String detail, boolean tells) {
      this(detail, tells, false);
    }
  }

  /** Exit 99: done, and the further instructions are ignored. @param detail for the log */
  record DeliveredStop(String detail) implements DeliveryResult {}

  /** Exit 100: the sender is told. @param why the report */
  record PermFail(String why) implements DeliveryResult {}

  /**
   * Exit 111: tried again.
   *
   * @param why the report
   * @param retryAfter wait this long instead of what the schedule says, if that is sooner; for what
   *     passes soon. The queue makes it half of the message's age at least, so that nothing is
   *     tried in a loop, and tries local mail that waits for such a time again as soon as an agent
   *     or a user directory has come
   */
  record TempFail(String why, Optional<Duration> retryAfter) implements DeliveryResult {
    /** By the schedule. */
    public TempFail(String why) {
      this(why, Optional.empty());
    }
  }
}
