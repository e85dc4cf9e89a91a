package org.sluice.api.queue;

import java.io.IOException;

/** The queue did not take a message. Carries qmail-queue's exit status. */
public final class QueueException extends IOException {
  private final int exitCode;

  /**
   * A refusal.
   *
   * @param exitCode a qmail-queue status of {@link org.sluice.api.program.ExitCode}
   */
  public QueueException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A refusal without a cause. */
  public QueueException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  /** qmail-queue's exit status. */
  public int exitCode() {
    return exitCode;
  }
}
