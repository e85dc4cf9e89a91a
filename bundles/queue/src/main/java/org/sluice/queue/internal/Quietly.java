package org.sluice.queue.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what may fail without consequence: telling others what has happened. */
final class Quietly {
  private static final Logger LOG = LoggerFactory.getLogger(Quietly.class);

  private Quietly() {}

  /** Runs this; whatever it throws is logged, if that is possible, and goes no further. */
  static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // memory may be short, so that not even the log works
      warn("the queue goes on after", e);
    }
  }

  /** Logs trouble; nothing is thrown even when memory is short. */
  static void warn(String text, Throwable trouble) {
    try {
      LOG.warn(text, trouble);
    } catch (Throwable e) { // nothing is left to be done about it
      return;
    }
  }
}
