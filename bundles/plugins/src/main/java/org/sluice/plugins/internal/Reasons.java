package org.sluice.plugins.internal;

import java.io.IOException;
import java.util.zip.ZipException;

/** Why something failed. */
final class Reasons {
  private Reasons() {}

  /** What was tried, and what is at the bottom of it: the framework tells only the first. */
  static String of(Throwable failure) {
    Throwable root = root(failure);
    String tried = root == failure ? null : failure.getMessage();
    return tried == null ? root.toString() : tried + ": " + root;
  }

  /** What is at the bottom of it. */
  static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Whether it may go better with the same jar: it is the machine that failed, not the jar. */
  static boolean passing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && !(cause instanceof ZipException)) {
        return true;
      }
    }
    return false;
  }
}
