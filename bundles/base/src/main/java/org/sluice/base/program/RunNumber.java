package org.sluice.base.program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands in a log where qmail's programs put their process number. Several programs may run in
 * one process of ours, and their lines must be told apart: the first gets the number of the
 * process, each further one the next number. Thread-safe.
 */
public final class RunNumber {
  private static final AtomicLong NEXT = new AtomicLong(ProcessHandle.current().pid());

  private RunNumber() {}

  /** For one run of a program. */
  public static long next() {
    return NEXT.getAndIncrement();
  }
}
