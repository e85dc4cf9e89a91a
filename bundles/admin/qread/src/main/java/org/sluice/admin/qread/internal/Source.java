package org.sluice.admin.qread.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.sluice.api.store.QueueStore;
import org.sluice.base.ProgramExit;
import org.sluice.base.Uses;

/** A store, and who reads or changes it. Thread-safe. */
final class Source {
  /**
   * Longer than it takes to read or change a message; the rest of what was begun is not waited for.
   */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** What is asked of a store. */
  interface Call<T> {
    T of(QueueStore store) throws IOException, InterruptedException;
  }

  private final QueueStore store;
  private final Uses uses = new Uses();

  Source(QueueStore store) {
    this.store = store;
  }

  boolean isOf(QueueStore other) {
    return store == other;
  }

  /** Lets nobody read any more; returns when nobody does. */
  void leave() {
    uses.drain(DRAIN);
  }

  /**
   * Makes one call of the store; the rest of what was begun with it is not waited for.
   *
   * @throws ProgramExit if the store has gone, or cannot go on
   */
  <T> T ask(Call<T> call) throws ProgramExit, InterruptedException {
    Uses.Stay stay =
        uses.enter().orElseThrow(() -> ProgramExit.temporary("the queue store has gone"));
    try {
      return call.of(store);
    } catch (UncheckedIOException e) {
      throw ProgramExit.temporary("unable to read the queue", e.getCause());
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw interrupted(e);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to change the queue", e);
    } finally {
      stay.close();
    }
  }

  /** By who has run this, or by {@link #leave}. */
  private static InterruptedException interrupted(InterruptedIOException cause) {
    var interrupted = new InterruptedException(cause.getMessage());
    interrupted.initCause(cause);
    return interrupted;
  }
}
