package org.sluice.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Tasks on threads of their own. Those of the common pool may be fewer than the tasks of a test
 * that wait for each other: on two processors it is one.
 */
public final class Background {
  private Background() {}

  /** Starts a task. */
  public static CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, Background::start);
  }

  /** Starts a task that has a result. */
  public static <T> CompletableFuture<T> supply(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, Background::start);
  }

  private static void start(Runnable task) {
    new Thread(task, "background").start();
  }
}
