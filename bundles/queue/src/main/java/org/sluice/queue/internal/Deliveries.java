package org.sluice.queue.internal;

import java.time.Instant;
import java.util.Optional;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;

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
  private final Work work;
  private final Runnable wake;

  /** Calls {@code wake} when there may be something to do for the dispatcher. */
  Deliveries(
      QueueService queue,
      Attempts attempts,
      Passes passes,
      Counts counts,
      Work work,
      Runnable wake) {
    this.queue = queue;
    this.attempts = attempts;
    this.passes = passes;
    this.counts = counts;
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
    boolean begun = false;
    try {
      work.start(() -> attempt(pass, recipient, delivery, slot));
      begun = true;
    } finally {
      if (!begun) {
        Quietly.run(() -> attempts.unstarted(delivery));
        counts.release(slot);
      }
    }
    return true;
  }

  private void attempt(Pass pass, LeasedRecipient recipient, long delivery, Slots.Slot slot) {
    attempts.run(pass, recipient, delivery);
    boolean wanted = counts.release(slot);
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
