package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: who finds nobody writing leads and writes what all have queued; those that come
 * while a force is under way share the next. The lock is never held over I/O.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int MOST = 1 << 20;

  private final Segments segments;
  private final LogOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private final AtomicLong forces = new AtomicLong();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);
  private boolean leading;
  private boolean closed;

  Committer(Segments segments, LogOptions options) {
    this.segments = segments;
    this.options = options;
  }

  /**
   * Begins the first segment of this process. Without space for one nothing is written until there
   * is; what the last process has left can be read.
   */
  void open() throws IOException {
    List<Segment> found = segments.all();
    if (!cut()) {
      if (found.isEmpty()) {
        throw new IOException("the queue cannot be begun, see above");
      }
      // Only recovery has seen where it ends, so it is not written again.
      Segment last = found.get(found.size() - 1);
      segments.poison(last, last.end);
    }
  }

  long forces() {
    return forces.get();
  }

  /** Returns when it is written, and forced if it asked for that. */
  void write(Pending mine) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the queue is closed");
      }
      mine.turn = lock.newCondition();
      queue.add(mine);
      while (!mine.finished && leading) {
        mine.turn.awaitUninterruptibly();
      }
      if (!mine.finished) {
        lead(mine);
      }
    } finally {
      lock.unlock();
    }
    if (mine.failure != null) {
      throw new IOException("queue write failed: " + mine.failure.getMessage(), mine.failure);
    }
  }

  /**
   * Writes down how far the segment is durable if no record says so yet: for a time in which
   * nothing is written, so that the next start can tell damage from the end.
   */
  void mark() throws IOException {
    Segment active = segments.active();
    int end = active.end + Frame.SIZE + 1;
    if (!active.poisoned && active.bound < active.forced && end <= options.segmentSize()) {
      write(Pending.outcome(List.of(Rec.of(Frame.MARK, new byte[1]))));
    }
  }

  /** Makes durable what is not, and says so. */
  private void finish() {
    Segment active = segments.active();
    if (active.poisoned || active.bound == active.end) {
      return;
    }
    try {
      write(Pending.barrier());
      mark();
    } catch (IOException e) {
      LOG.warn("{}: closing the queue: {}", active.name, e.toString());
    }
  }

  /** Lets nobody begin any more, and waits for the batch under way. */
  void close() {
    finish();
    lock.lock();
    try {
      closed = true;
      if (leading || !queue.isEmpty()) {
        var last = Pending.barrier();
        last.turn = lock.newCondition();
        queue.add(last);
        while (!last.finished && leading) {
          last.turn.awaitUninterruptibly();
        }
        if (!last.finished) {
          lead(last);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void lead(Pending mine) {
    leading = true;
    try {
      while (!mine.finished) {
        List<Pending> batch = drain();
        lock.unlock();
        try {
          writeAll(batch);
        } catch (Throwable e) { // whatever it is, the others of the batch wait for this thread
          abandon(batch, e);
        } finally {
          lock.lock();
        }
        batch.forEach(p -> p.turn.signal());
      }
    } finally {
      leading = false;
      if (!mine.finished) { // no batch could be made: nobody will ask what became of it
        queue.remove(mine);
      }
      if (!queue.isEmpty()) {
        queue.peek().turn.signal();
      }
    }
  }

  /**
   * What was thrown where nobody expected it: no more is known of the segment than that what was
   * acknowledged is in it. Throws nothing, and takes no memory for what must be done.
   */
  private void abandon(List<Pending> batch, Throwable why) {
    try {
      Segment active = segments.active();
      segments.poison(active, active.end);
      LOG.error("{} is given up", active.name, why);
      cut();
    } catch (Throwable e) {
      why.addSuppressed(e);
    }
    for (int i = 0; i < batch.size(); i++) {
      Pending one = batch.get(i);
      if (!one.finished) {
        one.doubtful = true;
        one.fail(why);
      }
    }
  }

  /** Takes nothing from the queue if it throws. */
  private List<Pending> drain() {
    var batch = new ArrayList<Pending>(queue.size());
    long octets = 0;
    while (!queue.isEmpty() && (batch.isEmpty() || octets + queue.peek().length <= MOST)) {
      octets += queue.peek().length;
      batch.add(queue.poll());
    }
    return batch;
  }

  private void writeAll(List<Pending> batch) {
    List<Pending> rest = batch;
    while (!rest.isEmpty()) {
      Segment active = segments.active();
      int fit = active.poisoned ? 0 : fitting(active, rest);
      if (fit > 0) {
        writeSome(active, rest.subList(0, fit));
        rest = rest.stream().filter(p -> !p.finished).toList();
      } else {
        rest = rollFor(active, rest);
      }
    }
  }

  private int fitting(Segment active, List<Pending> wanted) {
    int end = active.end;
    int fit = 0;
    for (Pending one : wanted) {
      int limit = options.segmentSize() - (one.outcome ? 0 : options.reserve());
      boolean alone = end == SegmentHeader.SIZE; // what fits nowhere gets a segment to itself
      if (end + one.length > limit && !alone) {
        break;
      }
      end += one.length;
      fit++;
    }
    return fit;
  }

  private List<Pending> rollFor(Segment active, List<Pending> rest) {
    try {
      sealed(active);
      segments.roll();
      return rest;
    } catch (IOException e) {
      // The head has no room; what follows may yet fit into the reserve.
      rest.get(0).fail(e);
      return rest.subList(1, rest.size());
    }
  }

  /** Later forces cover only the later segment. */
  private void sealed(Segment active) {
    if (active.poisoned || !active.dirty) {
      return;
    }
    try {
      force(active);
    } catch (IOException e) {
      LOG.error("{}: force failed, outcomes may be repeated: {}", active.name, e.toString());
      segments.poison(active, active.end);
    }
  }

  private void writeSome(Segment active, List<Pending> some) {
    int start = active.end;
    boolean force = some.stream().anyMatch(p -> p.force);
    try {
      int end = put(active, some);
      if (end > start) {
        active.dirty = true;
        active.bound = active.forced;
      }
      if (force && active.dirty) {
        force(active);
        active.forced = end;
      }
      active.end = end;
    } catch (Throwable e) {
      failed(active, start, some, e);
      return;
    }
    // What is written here is queued: nothing that could throw, not for want of memory either.
    for (int i = 0; i < some.size(); i++) {
      Pending one = some.get(i);
      one.segment = active;
      active.gained(one.messages, one.live);
      one.finished = true;
    }
  }

  private void force(Segment active) throws IOException {
    active.file.force();
    active.dirty = false;
    forces.incrementAndGet();
  }

  private int put(Segment active, List<Pending> some) throws IOException {
    buffer.clear();
    int at = active.end;
    int flushed = at;
    int forced = active.forced;
    for (Pending one : some) {
      for (int i = 0; i < one.offsets.length; i++) {
        Rec record = one.records.get(i);
        if (buffer.remaining() < record.length()) {
          flushed = flush(active, flushed);
        }
        if (record.length() > buffer.capacity()) {
          var big = ByteBuffer.allocate(record.length());
          Frame.put(big, record, active.generation, forced);
          active.file.write(big.put(record.payload()).flip(), flushed);
          flushed += record.length();
        } else {
          Frame.put(buffer, record, active.generation, forced);
          buffer.put(record.payload());
        }
        one.offsets[i] = at + Frame.SIZE;
        at += record.length();
      }
    }
    flush(active, flushed);
    return at;
  }

  private int flush(Segment active, int position) throws IOException {
    int length = buffer.flip().remaining();
    if (length > 0) {
      active.file.write(buffer, position);
    }
    buffer.clear();
    return position + length;
  }

  private void failed(Segment active, int start, List<Pending> some, Throwable why) {
    segments.poison(active, start);
    LOG.error("{} is given up: {}", active.name, why.toString());
    // The cut is durable before anyone hears of the failure, so that what is reported as not
    // queued cannot come back.
    boolean cut = cut();
    for (Pending one : some) {
      if (one.force || one.retried) {
        one.doubtful = !cut;
        one.fail(why);
      }
      one.retried = true;
    }
  }

  /** A new segment, whose header has the ends of those that failed. */
  private boolean cut() {
    try {
      segments.roll();
      return true;
    } catch (IOException e) {
      LOG.error("no new log segment: {}", e.toString());
      return false;
    }
  }
}
