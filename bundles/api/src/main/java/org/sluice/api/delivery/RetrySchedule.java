package org.sluice.api.delivery;

import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;

/**
 * Decides when a message is tried again that a delivery has put off, instead of qmail's schedule
 * (spec 10 section 6.2). A service; all of them are asked, by service.ranking, until one answers.
 * What is put off while none is there, or before one has come, keeps the time that it has.
 *
 * <p>Asked once an attempt at a message on a channel, when the first of its recipients has been put
 * off, on the thread of that delivery, many calls at once. The delivery's place is taken until it
 * returns, so it answers at once. A throw, a null or an instant that is not later than {@code now}
 * is logged, and qmail's schedule holds; an interrupt means that it is being removed: return soon.
 */
@ConsumerType
@FunctionalInterface
public interface RetrySchedule {
  /**
   * When to try again those recipients that are not finished by then.
   *
   * <p>The answer is bounded: it is made a second from now at least, and not later than when the
   * message has been in the queue for control/queuelifetime and is given up, or than {@code usual}
   * if that is later still. A {@link DeliveryResult.TempFail#retryAfter} and a time by which the
   * message is to be delivered (RFC 2852) make it sooner, as they do with qmail's schedule.
   *
   * @param attempt the message, and the recipients that were unfinished when the attempt began, all
   *     on one channel: {@link Channel#LOCAL} or {@link Channel#REMOTE}. For reading only
   * @param now the time
   * @param usual when it would be without an answer, which is what qmail's schedule says; in the
   *     past, if the attempt has taken very long
   * @return empty to leave it to the next schedule, and at last to qmail's
   */
  Optional<Instant> next(Lease attempt, Instant now, Instant usual);
}
