package org.sluice.delivery.maildir.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces directories. Whoever has made its entry before a force begins shares that force; whoever
 * comes later waits for the next one. So each caller's entry is on disk when its call returns.
 */
final class DirectoryForcer {
  /** The system call. */
  @FunctionalInterface
  interface Force {
    void force(Path directory) throws IOException;
  }

  private static final long LIMIT_SECONDS = 60;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, CompletableFuture<Void>> gathering = new HashMap<>();
  private final Map<Path, CompletableFuture<Void>> forcing = new HashMap<>();
  private final Force call;

  DirectoryForcer(Force call) {
    this.call = call;
  }

  /** On return everything that was in the directory at the call is on disk. */
  void force(Path directory) throws IOException, InterruptedException {
    CompletableFuture<Void> round;
    CompletableFuture<Void> previous;
    boolean leader;
    lock.lock();
    try {
      round = gathering.get(directory);
      leader = round == null;
      previous = forcing.get(directory);
      if (leader) {
        round = new CompletableFuture<>();
        gathering.put(directory, round);
      }
    } finally {
      lock.unlock();
    }
    if (leader) {
      lead(directory, round, previous);
    } else if (!succeeded(round)) {
      call.force(directory); // the leader failed or was interrupted: that need not hold for us
    }
  }

  private void lead(Path directory, CompletableFuture<Void> round, CompletableFuture<Void> previous)
      throws IOException, InterruptedException {
    boolean done = false;
    try {
      if (previous != null) {
        succeeded(previous);
      }
      move(directory, round);
      call.force(directory);
      done = true;
    } finally {
      lock.lock();
      try {
        gathering.remove(directory, round);
        forcing.remove(directory, round);
      } finally {
        lock.unlock();
      }
      if (done) {
        round.complete(null);
      } else {
        round.cancel(false);
      }
    }
  }

  /** From here on new callers begin another round. */
  private void move(Path directory, CompletableFuture<Void> round) {
    lock.lock();
    try {
      gathering.remove(directory, round);
      forcing.put(directory, round);
    } finally {
      lock.unlock();
    }
  }

  private static boolean succeeded(CompletableFuture<Void> round) throws InterruptedException {
    try {
      round.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | java.util.concurrent.CancellationException e) {
      return false;
    }
  }
}
