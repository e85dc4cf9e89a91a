package org.sluice.tcp.limits.internal;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often clients, or all of a network, may connect: a token bucket for each. The table is
 * bounded; whoever was seen longest ago is forgotten first.
 */
final class ClientRates {
  static final int MOST = 50_000;
  private static final double MINUTE = 60e9;

  private record Bucket(double tokens, long at) {}

  private final int perMinute;
  private final ClientNetwork network;
  private final LongSupplier nanos;
  private final Map<InetAddress, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param perMinute 0 for any number
   * @param network who shares a bucket
   * @param nanos a clock like {@link System#nanoTime}
   */
  ClientRates(int perMinute, ClientNetwork network, LongSupplier nanos) {
    this.perMinute = perMinute;
    this.network = network;
    this.nanos = nanos;
  }

  /** Whether one more connection is within the rate, and counts it if so. */
  boolean admit(InetAddress address) {
    if (perMinute == 0) {
      return true;
    }
    InetAddress client = network.of(address);
    long now = nanos.getAsLong();
    var known = buckets.getOrDefault(client, new Bucket(perMinute, now));
    double gained = (now - known.at()) * (perMinute / MINUTE);
    double tokens = Math.min(perMinute, known.tokens() + gained);
    buckets.put(client, new Bucket(tokens < 1 ? tokens : tokens - 1, now));
    return tokens >= 1;
  }

  int size() {
    return buckets.size();
  }
}
