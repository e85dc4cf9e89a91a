package org.sluice.api.program;

/** The exit statuses of qmail's programs (spec 10 section 2.6, spec 40 section 6.2). */
public final class ExitCode {
  /** Success. */
  public static final int OK = 0;

  /** qmail-queue: an envelope address is too long. Permanent. */
  public static final int ADDRESS_TOO_LONG = 11;

  /** qmail-queue: the message was refused. Permanent. */
  public static final int REJECTED = 31;

  /** qmail-queue: out of memory. */
  public static final int NO_MEMORY = 51;

  /** qmail-queue: time-out. */
  public static final int TIMEOUT = 52;

  /** qmail-queue: write error, for example a full disk. */
  public static final int WRITE = 53;

  /** qmail-queue: message or envelope could not be read. */
  public static final int READ = 54;

  /** qmail-queue: the home directory could not be entered. */
  public static final int HOME = 61;

  /** qmail-queue: the queue is not available. */
  public static final int QUEUE = 62;

  /** qmail-queue: trouble in queue/todo. */
  public static final int TODO = 66;

  /** qmail-queue: internal bug. */
  public static final int BUG = 81;

  /** qmail-queue: envelope format error. */
  public static final int ENVELOPE = 91;

  /** dot-qmail program: success, and ignore the further instructions. */
  public static final int STOP = 99;

  /** dot-qmail program and others: permanent failure. */
  public static final int PERMANENT = 100;

  /** dot-qmail program and others: temporary failure. */
  public static final int TEMPORARY = 111;

  private ExitCode() {}

  /** Whether qmail-queue's status means that trying again is pointless (spec 10 section 2A.2). */
  public static boolean permanentForQueue(int status) {
    return status >= 11 && status <= 40;
  }
}
