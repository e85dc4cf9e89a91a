package org.sluice.itest;

import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * kill -9 of the real server, a hundred times under load. What it has acknowledged arrives, whole,
 * and twice only if it was just being delivered when the process died.
 */
class KillIT {
  private static final int ROUNDS = Integer.getInteger("sluice.kill.rounds", 100);

  @Test
  void losesNothingItHasAcknowledged() throws Exception {
    // Two servers side by side: most of the time is that of starting them.
    var threads = Executors.newFixedThreadPool(2);
    try {
      var runs =
          List.of(new KillRun("kill-1", ROUNDS / 2, 4711), new KillRun("kill-2", ROUNDS / 2, 4712));
      for (var run : threads.invokeAll(runs)) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
