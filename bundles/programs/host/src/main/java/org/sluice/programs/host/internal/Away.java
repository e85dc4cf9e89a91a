package org.sluice.programs.host.internal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The programs that were here a moment ago: their bundles may be being replaced. Thread-safe. */
final class Away {
  private final Map<String, Long> since = new ConcurrentHashMap<>();
  private final long patience;

  /**
   * @param patience how long one that has left is expected back
   */
  Away(Duration patience) {
    this.patience = patience.toNanos();
  }

  void left(String name) {
    since.put(name, System.nanoTime());
  }

  void came(String name) {
    since.remove(name);
  }

  boolean expected(String name) {
    Long left = since.get(name);
    return left != null && System.nanoTime() - left < patience;
  }
}
