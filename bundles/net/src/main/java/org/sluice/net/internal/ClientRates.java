package org.sluice.net.internal;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How often a client may connect: a token bucket for each {@link ClientNetwork}. The table is
 * bounded; whoever was seen longest ago is forgotten first.
 */
final class ClientRates {
  static final int MOST = 50_000;
  private static final double MINUTE = 60e9;

  private record Bucket(double tokens, long at) {}

  private final int perMinute;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Bucket> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param perMinute 0 for any number
   * @param nanos a clock like {@link System#nanoTime}
   */
  ClientRates(int perMinute, LongSupplier nanos) {
    this.perMinute = perMinute;
    this.nanos = nanos;
  }

  /** Whether one more connection is within the rate, and counts it if so. */
  boolean admit(InetAddress address) {
    if (perMinute == 0) {
      return true;
    }
    Object client = ClientNetwork.of(address);
    long now = nanos.getAsLong();
    lock.lock();
    try {
      var known = buckets.getOrDefault(client, new Bucket(perMinute, now));
      double gained = (now - known.at()) * (perMinute / MINUTE);
      double tokens = Math.min(perMinute, known.tokens() + gained);
      buckets.put(client, new Bucket(tokens < 1 ? tokens : tokens - 1, now));
      return tokens >= 1;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    return buckets.size();
  }
}
