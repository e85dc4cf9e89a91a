package org.sluice.plugins.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.osgi.framework.BundleException;
import org.sluice.base.Threads;

/**
 * Something that the framework does with a plugin, and in which code of the plugin runs. It has a
 * thread of its own, which is left behind if that code does not come to an end: the other plugins
 * and the server's start must not wait for it.
 */
final class Step {
  private static final ThreadFactory THREADS = Threads.platform("plugin-step-");

  /** What is done. */
  interface Task {
    void run() throws BundleException;
  }

  private final Thread thread;
  private Throwable failure; // read when the thread has ended

  private Step(Task task) {
    thread = THREADS.newThread(() -> run(task));
  }

  /** Begins it. */
  static Step begin(Task task) {
    var step = new Step(task);
    step.thread.start();
    return step;
  }

  private void run(Task task) {
    try {
      task.run();
    } catch (Throwable e) { // told to whoever looks
      failure = e;
    }
  }

  /** Whether it has ended; waits for that. */
  boolean ends(Duration limit) throws InterruptedException {
    thread.join(Math.max(1, limit.toMillis()));
    return !thread.isAlive();
  }

  boolean ended() {
    return !thread.isAlive();
  }

  /** Asks it to end: what waits for something may heed that. */
  void interrupt() {
    thread.interrupt();
  }

  /** What it has thrown, when it has ended. */
  Optional<Throwable> failure() throws InterruptedException {
    thread.join();
    return Optional.ofNullable(failure);
  }
}
