package org.sluice.queue.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.store.Channel;

/**
 * The slots of all channels and the {@code status:} lines, which count them. A count is changed and
 * logged under one lock, so that the last line is always true; and once the queue is to end no slot
 * is given, so that no delivery starts after that.
 */
final class Counts {
  private static final int BOUNCES = 4;
  private final Map<Channel, Slots> slots = new EnumMap<>(Channel.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final DeliveryLog log;
  private volatile boolean exiting;

  /** Local deliveries begin at this pace. */
  Counts(Pace pace, DeliveryLog log) {
    this.log = log;
    for (Channel channel : Channel.values()) {
      slots.put(channel, new Slots(channel == Channel.LOCAL ? pace : Pace.any()));
    }
    slots.get(Channel.BOUNCE).limit(BOUNCES);
  }

  void limits(long local, long remote) {
    slots.get(Channel.LOCAL).limit(local);
    slots.get(Channel.REMOTE).limit(remote);
  }

  Slots of(Channel channel) {
    return slots.get(channel);
  }

  /** From the return on no delivery gets a slot. Bounces do. */
  void exit() {
    lock.lock();
    try {
      exiting = true;
    } finally {
      lock.unlock();
    }
  }

  boolean exiting() {
    return exiting;
  }

  /**
   * Takes a slot for a delivery, announces that and logs the count; none when the queue is to end.
   * If the announcement throws, so does this, and no slot is taken.
   */
  Optional<Slots.Slot> take(Channel channel, Runnable announce) {
    lock.lock();
    try {
      if (exiting) {
        return Optional.empty();
      }
      Slots.Slot slot = slots.get(channel).take();
      boolean announced = false;
      try {
        announce.run();
        announced = true;
      } finally {
        if (!announced) {
          slot.release();
        }
      }
      line();
      return Optional.of(slot);
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody may have waited for that. Throws nothing. */
  boolean release(Slots.Slot slot) {
    lock.lock();
    try {
      boolean wanted = slot.release();
      line();
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Logs the counts. */
  void status() {
    lock.lock();
    try {
      line();
    } finally {
      lock.unlock();
    }
  }

  private void line() {
    Quietly.run(() -> log.status(slots.get(Channel.LOCAL), slots.get(Channel.REMOTE), exiting));
  }
}
