package org.sluice.itest;

import java.io.IOException;

/** Waits for something that another process or thread brings about. */
final class Poll {
  /** What is waited for. */
  interface Condition {
    boolean holds() throws IOException;
  }

  private Poll() {}

  static void until(String what, long limitMillis, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limitMillis * 1_000_000;
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limitMillis + " ms: " + what);
      }
      Thread.sleep(20); // polling files of another process: there is nothing to be notified by
    }
  }
}
