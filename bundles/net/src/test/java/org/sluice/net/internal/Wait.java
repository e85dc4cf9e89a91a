package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens on another thread. */
final class Wait {
  /** A condition that may talk to a socket. */
  @FunctionalInterface
  interface Check {
    boolean holds() throws IOException;
  }

  private Wait() {}

  static void until(Check check) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    boolean holds = check.holds();
    while (!holds && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      holds = check.holds();
    }
    assertTrue(holds, "did not happen within 20 s");
  }
}
