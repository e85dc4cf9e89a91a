package org.sluice.admin.qread.internal;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.sluice.api.mail.QueueId;
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
   * @param broken told of messages that cannot be listed
   */
  Messages(Source source, BiConsumer<QueueId, IOException> broken)
      throws ProgramExit, InterruptedException {
    this.source = source;
    this.stream = source.ask(store -> store.browse(broken));
    this.entries = stream.iterator();
  }

  /** The next one, or empty at the end. */
  Optional<QueueEntry> next() throws ProgramExit, InterruptedException {
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
