package org.sluice.queue.internal;

import java.time.Instant;
import org.sluice.api.store.Channel;

/** When a pass is repeated (spec 10 section 6.2). */
final class Retry {
  private Retry() {}

  static Instant next(Channel channel, Instant birth, Instant start) {
    long age = Math.max(0, start.getEpochSecond() - birth.getEpochSecond());
    long n = Math.min(65535, (long) Math.sqrt(age)) + (channel == Channel.LOCAL ? 10 : 20);
    return Instant.ofEpochSecond(birth.getEpochSecond() + n * n);
  }
}
