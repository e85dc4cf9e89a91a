package org.sluice.delivery.local.internal;

import java.time.Duration;
import java.util.Optional;
import org.sluice.api.program.ExitCode;

/**
 * How qmail-local ended; what it had to say has been printed.
 *
 * @param status 0, 100 or 111
 * @param retryAfter for 111: when to try again, if not by the schedule
 */
record Exit(int status, Optional<Duration> retryAfter) {
  static final Exit OK = new Exit(ExitCode.OK);

  Exit(int status) {
    this(status, Optional.empty());
  }
}
