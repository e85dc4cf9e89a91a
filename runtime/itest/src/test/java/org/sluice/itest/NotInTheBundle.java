package org.sluice.itest;

/** A class that the test's filter bundle was built against and does not have. */
public final class NotInTheBundle {
  private NotInTheBundle() {}

  /** Does nothing, if it can be had. */
  public static void call() {}
}
