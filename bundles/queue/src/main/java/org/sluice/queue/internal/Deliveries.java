package org.sluice.queue.internal;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.base.Destination;

/**
 * Runs deliveries and bounces on threads of their own. Whatever is thrown there, the slot is given
 * back and the pass goes on or ends; the dispatcher is told of everything that it may wait for.
 */
final class Deliveries {
  private final QueueService queue;
  private final Attempts attempts;
  private final Bouncer bouncer;
  private final Passes passes;
  private final Counts counts;
  private final DestinationLimits limits;
  private final Work work;
  private final Runnable wake;

  /** Calls {@code wake} when there may be something to do for the dispatcher. */
  Deliveries(
      QueueService queue,
      Attempts attempts,
      Passes passes,
      Counts counts,
      DestinationLimits limits,
      Work work,
      Runnable wake) {
    this.queue = queue;
    this.attempts = attempts;
    this.passes = passes;
    this.counts = counts;
    this.limits = limits;
    this.work = work;
    this.wake = wake;
    bouncer = new Bouncer(queue, passes);
  }

  /**
   * Starts the delivery to one recipient; false if the queue is to end. If this throws, for want of
   * a thread, nothing has begun, and no slot is taken.
   */
  boolean deliver(Pass pass, LeasedRecipient recipient) {
    long delivery = attempts.number();
    Optional<Slots.Slot> taken =
        counts.take(pass.lease().channel(), () -> attempts.announce(pass, recipient, delivery));
    if (taken.isEmpty()) {
      return false;
    }
    Slots.Slot slot = taken.get();
    DestinationLimits.Place place = DestinationLimits.Place.ANY;
    boolean begun = false;
    try {
      if (pass.lease().channel() == Channel.REMOTE && !limits.none()) {
        place = limits.take(Destination.of(recipient.address()));
      }
      var taking = place;
      work.start(() -> attempt(pass, recipient, delivery, slot, taking));
      begun = true;
    } finally {
      if (!begun) {
        Quietly.run(() -> attempts.unstarted(delivery));
        place.release();
        counts.release(slot);
      }
    }
    return true;
  }

  private void attempt(
      Pass pass,
      LeasedRecipient recipient,
      long delivery,
      Slots.Slot slot,
      DestinationLimits.Place place) {
    attempts.run(pass, recipient, delivery);
    boolean placeWanted = place.release();
    boolean wanted = counts.release(slot) || placeWanted;
    settle(pass);
    if (wanted || !pass.left() || counts.exiting()) { // else the dispatcher waits for nothing here
      wake.run();
    }
  }

  /** Writes down what has been reported. Throws nothing. */
  private void settle(Pass pass) {
    boolean over = true;
    try {
      bouncer.tellLate(pass);
      over = passes.insist(pass, pass::settle);
      if (over && pass.left()) {
        queue.log().end(pass.lease().id());
      }
    } catch (Throwable e) {
      Quietly.warn("msg " + pass.lease().id() + ": tried again when its lease has run out", e);
    } finally {
      if (over) {
        passes.end(pass);
      }
    }
  }

  /** Starts to send a bounce. If this throws, nothing has begun. */
  boolean bounce(Pass pass) {
    Slots.Slot slot = counts.of(Channel.BOUNCE).take();
    boolean begun = false;
    try {
      work.start(() -> bounce(pass, slot));
      begun = true;
    } finally {
      if (!begun) {
        slot.release();
      }
    }
    return true;
  }

  private void bounce(Pass pass, Slots.Slot slot) {
    try {
      bouncer.bounce(pass);
    } catch (Throwable e) {
      Quietly.warn("msg " + pass.lease().id() + ": tried again when its lease has run out", e);
    } finally {
      passes.end(pass);
      slot.release();
      wake.run();
    }
  }

  /** Gives back those that were held, and what of their passes has not begun. */
  void giveBack(List<HeldRecipients.Held> held) {
    Instant now = queue.now();
    var of = new LinkedHashSet<Pass>();
    for (HeldRecipients.Held one : held) {
      one.pass().abandon(now); // first, or its sender may be told of a delay
      one.pass().deferred(Optional.of(now));
      of.add(one.pass());
    }
    of.forEach(this::giveBack);
  }

  /**
   * Gives back a pass of which nobody has begun: due before what is younger, as it was. Throws
   * nothing.
   */
  void letGo(Pass pass) {
    Quietly.run(() -> pass.store().giveBack(pass.lease(), pass.lease().birth()));
    passes.end(pass);
  }

  /** Gives back what of a pass has not begun: due at once, and after a restart as before. */
  void giveBack(Pass pass) {
    Instant now = queue.now();
    if (!pass.begun()) {
      try {
        pass.store().giveBack(pass.lease(), now);
      } finally {
        passes.end(pass);
      }
      return;
    }
    pass.abandon(now);
    Runnable end =
        () -> {
          settle(pass);
          wake.run();
        };
    try {
      work.start(end); // the dispatcher may not wait for the disk
    } catch (Throwable e) {
      Quietly.run(end);
    }
  }
}
