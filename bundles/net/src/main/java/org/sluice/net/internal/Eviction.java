package org.sluice.net.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides which sessions lose their places while all are taken and somebody waits for one: those
 * whose clients are slow, the slowest first. First one, and twice as many at every further look as
 * long as that was not enough, so that few go for one newcomer and many for a crowd. Used by one
 * thread.
 */
final class Eviction {
  /** So much waiting for a client is needed to judge it. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** Who holds a place. */
  interface Holder {
    Progress progress();

    /** Gives the place back, now or soon; called once. */
    void sendAway();
  }

  private record Slow(Holder holder, double rate, long waiting) {}

  private static final Comparator<Slow> ORDER =
      Comparator.comparingDouble(Slow::rate)
          .thenComparing(Comparator.comparingLong(Slow::waiting).reversed());

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private final int leastRate;
  private final long window;
  private final LongSupplier nanos;
  private int next = 1;
  private int gone;
  private long since;

  /**
   * @param limit how many places there are: at most a quarter of them is taken away in a second
   * @param leastRate octets a second; 0 sends nobody away
   * @param nanos a clock like {@link System#nanoTime}
   */
  Eviction(int limit, int leastRate, Duration window, LongSupplier nanos) {
    this.perSecond = Math.max(1, limit / 4);
    this.leastRate = leastRate;
    this.window = window.toNanos();
    this.nanos = nanos;
  }

  /**
   * Looks at all who hold places, and sends some away if it has to be. To be called again and
   * again, also while nobody waits.
   *
   * @param awaited whether somebody waits for a place
   */
  void look(Collection<? extends Holder> holders, boolean awaited) {
    long now = nanos.getAsLong();
    List<Slow> slow = new ArrayList<>();
    for (Holder holder : holders) {
      double rate = holder.progress().rate(now, window); // also while nobody waits: windows end
      long waiting = holder.progress().waiting(now);
      // One that was slow and has the server at work now keeps its place.
      if (awaited && rate < leastRate && waiting >= 0) {
        slow.add(new Slow(holder, rate, waiting));
      }
    }
    if (awaited) {
      slow.sort(ORDER);
      sendAway(slow, now);
    } else {
      next = 1;
    }
  }

  private void sendAway(List<Slow> slow, long now) {
    if (now - since >= SECOND) {
      gone = 0;
    }
    int count = Math.min(slow.size(), Math.min(next, perSecond - gone));
    if (count > 0) {
      since = gone == 0 ? now : since;
      gone += count;
      next = Math.min(perSecond, next * 2);
    }
    for (Slow one : slow.subList(0, count)) {
      one.holder().progress().end();
      one.holder().sendAway();
    }
  }
}
