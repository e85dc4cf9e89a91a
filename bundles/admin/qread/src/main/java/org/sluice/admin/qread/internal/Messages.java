package org.sluice.admin.qread.internal;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.sluice.api.store.QueueEntry;
import org.sluice.base.ProgramExit;

/**
 * The messages of one listing. The store is entered for each of them, and not while it is printed:
 * whoever reads the listing page by page must not keep a store from being replaced.
 */
final class Messages implements AutoCloseable {
  private final Source source;
  private final Stream<QueueEntry> stream;
  private final Iterator<QueueEntry> entries;

  /**
   * Begins.
   *
   * @param which asks a store for them
   */
  Messages(Source source, Source.Call<Stream<QueueEntry>> which)
      throws ProgramExit, InterruptedException {
    this.source = source;
    this.stream = source.ask(which);
    this.entries = stream.iterator();
  }

  /** Prints them all; how many there were. */
  long print(Listing listing) throws ProgramExit, IOException, InterruptedException {
    long count = 0;
    for (var one = next(); one.isPresent(); one = next()) {
      listing.print(one.get());
      count++;
    }
    return count;
  }

  private Optional<QueueEntry> next() throws ProgramExit, InterruptedException {
    return source.ask(store -> advance());
  }

  private Optional<QueueEntry> advance() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted");
    }
    return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
  }

  @Override
  public void close() {
    stream.close();
  }
}
