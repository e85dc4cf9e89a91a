package org.sluice.net.internal;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions of a roster in three steps: they may end by themselves; then they are told to
 * go, at once where they are idle and at their next idle moment where not; then they are cut.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** A handler whose socket is closed and whose thread is interrupted has this long to return. */
  private static final Duration AFTER_CUT = Duration.ofSeconds(5);

  private Drain() {}

  /** Returns when the roster is empty, or after {@code grace + told} and a few seconds more. */
  static void run(Roster roster, String what, Duration grace, Duration told) {
    try {
      if (roster.awaitEmpty(grace)) {
        return;
      }
      roster.snapshot().forEach(Session::expire);
      if (roster.awaitEmpty(told)) {
        return;
      }
      var late = roster.snapshot();
      LOG.warn("{}: {} sessions did not end in time, closing them", what, late.size());
      late.forEach(Session::cut);
      if (!roster.awaitEmpty(AFTER_CUT)) {
        LOG.warn("{}: {} sessions go on without a socket", what, roster.snapshot().size());
      }
    } catch (InterruptedException e) {
      // Whoever stops us cannot wait: do the last step now.
      roster.snapshot().forEach(Session::cut);
      Thread.currentThread().interrupt();
    }
  }
}
