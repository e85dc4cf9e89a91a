package org.sluice.queue.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.base.Destination;

/**
 * Who may begin by the limits of his destination, and who waits for that. Destinations of the
 * remote channel only. Touched by the dispatcher alone.
 */
final class DestinationTurns {
  private final DestinationLimits limits;
  private final HeldRecipients held = new HeldRecipients();

  DestinationTurns(DestinationLimits limits) {
    this.limits = limits;
  }

  /**
   * Whether the destination of a recipient who is taken may have no more, or others wait for it
   * already, so that he waits.
   */
  boolean hold(Pass pass, LeasedRecipient recipient) {
    if (pass.lease().channel() != Channel.REMOTE || limits.none()) {
      return false;
    }
    String destination = Destination.of(recipient.address());
    boolean waits = held.destinations().contains(destination) || !limits.free(destination);
    if (waits) {
      held.add(new HeldRecipients.Held(destination, pass, recipient));
    }
    return waits;
  }

  /** Takes out one who has waited and may begin; empty if nobody may. */
  Optional<HeldRecipients.Held> next() {
    return held.next(limits::free);
  }

  /** He could not begin. */
  void putBack(HeldRecipients.Held one) {
    held.putBack(one);
  }

  /** Takes out all of these passes. */
  List<HeldRecipients.Held> remove(Predicate<Pass> of) {
    return held.remove(of);
  }

  /** Takes out the passes of which nobody has begun. */
  Set<Pass> removeUntouched() {
    Set<Pass> untouched = held.untouched();
    held.remove(untouched::contains);
    return untouched;
  }

  /** Whether so many wait that no mail is to be leased of which some would wait, too. */
  boolean isFull() {
    return held.isFull();
  }

  /** Whether some recipients have capped destinations. */
  static boolean wouldWait(Lease lease, Set<String> capped) {
    return lease.recipients().stream()
        .anyMatch(one -> capped.contains(Destination.of(one.address())));
  }

  /** Destinations for which nothing is to be leased. */
  Set<String> capped(Channel channel) {
    if (channel != Channel.REMOTE || limits.none()) {
      return Set.of();
    }
    var capped = new HashSet<>(held.destinations());
    capped.addAll(limits.capped());
    return capped;
  }

  /**
   * In how many milliseconds, at least 1, one more may begin by itself; {@link Long#MAX_VALUE} if
   * none will.
   */
  long millisUntilNext() {
    long until = limits.millisUntilFree(); // first: who is free by now is not in it
    return held.any(limits::free) ? 1 : until;
  }
}
