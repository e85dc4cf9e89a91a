package org.sluice.stores.log.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueRecord;

/**
 * The queue as an operator sees it. Only the numbers are taken at once; a message is read when it
 * is asked for, and nothing is held or locked while nobody asks.
 */
final class Browser {
  private static final Logger LOG = LoggerFactory.getLogger(Browser.class);

  private final Disk disk;
  private final Index index;
  private final Reader reader;

  Browser(Disk disk, Index index, Reader reader) {
    this.disk = disk;
    this.index = index;
    this.reader = reader;
  }

  /** All, oldest first, but those whose record cannot be read. */
  Stream<QueueEntry> all() {
    return browse(false, (id, e) -> LOG.debug("message {}: {}", id, e.toString()));
  }

  /** Those that are whole, oldest first; the others are told of. */
  Stream<QueueEntry> whole(BiConsumer<QueueId, IOException> broken) {
    return browse(true, broken);
  }

  private Stream<QueueEntry> browse(boolean bodies, BiConsumer<QueueId, IOException> broken) {
    long[] ids;
    index.lock.lock();
    try {
      ids = new long[index.entries.size()];
      int[] at = {0};
      index.entries.forEach(entry -> ids[at[0]++] = entry.id);
    } finally {
      index.lock.unlock();
    }
    Arrays.sort(ids);
    return LongStream.of(ids).mapToObj(id -> look(id, bodies, broken)).filter(Objects::nonNull);
  }

  /** One message, or null if it has gone or is broken. */
  private QueueEntry look(long id, boolean body, BiConsumer<QueueId, IOException> broken) {
    Entry entry = present(id);
    if (entry == null) {
      return null;
    }
    IOException trouble;
    try {
      if (body && entry.file != 0) {
        disk.open(Stage.name(entry.file)).close();
      }
      return read(entry);
    } catch (IOException e) {
      trouble = e;
    } catch (RuntimeException e) { // damage that the start has not met
      trouble = new IOException("its record is damaged: " + e.getMessage(), e);
    }
    if (present(id) != null) {
      broken.accept(new QueueId(id), trouble);
    }
    return null;
  }

  private Entry present(long id) {
    index.lock.lock();
    try {
      return index.entries.get(id);
    } finally {
      index.lock.unlock();
    }
  }

  /** Likewise. */
  private QueueEntry read(Entry entry) throws IOException {
    var record = reader.envelope(entry).record();
    long next = Long.MAX_VALUE;
    var finished = new BitSet();
    var failed = new BitSet();
    boolean held;
    index.lock.lock();
    try {
      if (entry.gone) {
        return null;
      }
      held = entry.held;
      if (entry.finished != null) {
        finished.or(entry.finished);
      }
      for (var one = entry.failures; one != null; one = one.next) {
        failed.set(one.recipient, one.failed);
      }
      for (Part part : entry.parts) {
        next = Math.min(next, part.due);
      }
    } finally {
      index.lock.unlock();
    }
    int recipients = record.recipients().size();
    return new QueueEntry(
        new QueueId(entry.id),
        record.hold() == held ? record : heldAs(record, held),
        entry.size,
        list(finished, recipients),
        Instant.ofEpochMilli(next),
        list(failed, recipients));
  }

  private static List<Boolean> list(BitSet bits, int size) {
    return new AbstractList<>() {
      @Override
      public Boolean get(int i) {
        return bits.get(Objects.checkIndex(i, size));
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private static QueueRecord heldAs(QueueRecord record, boolean held) {
    return new QueueRecord(
        record.sender(),
        record.recipients(),
        record.uid(),
        record.process(),
        record.birth(),
        held,
        record.options());
  }
}
