package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/**
 * A million messages of one recipient each, which costs the most, in a heap that the caller has
 * limited: queued, deferred, found again by a restart, made due, and still delivered in order.
 */
final class Million {
  static final int COUNT = 1_000_000;
  private static final int THREADS = 8;

  private Million() {}

  /** Takes the directory to work in; fails with an exception. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (var store = open(directory)) {
      fill(store);
      expect(COUNT, store.statistics().recipients());
      deferSome(store);
      report("queued");
    }
    try (var store = open(directory)) {
      expect(COUNT, store.statistics().recipients());
      report("found again");
      expect(COUNT, store.flush());
      try (var all = store.browse()) {
        expect(100, all.limit(100).count());
      }
      for (Lease lease : lease(store, 1000)) {
        store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Instant.EPOCH));
      }
      store.maintain();
      expect(COUNT - 1000, store.statistics().messages());
      report("delivering");
    }
  }

  private static LogStore open(Path directory) throws IOException {
    var disk = new Unforced(new FileDisk(directory));
    return new LogStore(disk, LogOptions.DEFAULT, Clock.systemUTC());
  }

  private static void fill(LogStore store) throws Exception {
    var pool = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      all.add(
          pool.submit(
              () -> {
                for (int i = thread; i < COUNT; i += THREADS) {
                  Mail.commit(store, Mail.body(i, 80), record(i));
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
    pool.shutdown();
  }

  private static QueueRecord record(int number) {
    var to = new QueuedRecipient(Channel.REMOTE, "recipient" + number + "@host.example");
    var from = new ReversePath("sender@example.org");
    return new QueueRecord(from, List.of(to), 1000, number, Instant.now(), false);
  }

  private static List<Lease> lease(LogStore store, int limit) throws IOException {
    var now = Instant.now();
    return store.lease(new LeaseRequest(Channel.REMOTE, now, limit, Duration.ofHours(1)));
  }

  private static void deferSome(LogStore store) throws IOException {
    for (int i = 0; i < 100; i++) {
      for (Lease lease : lease(store, 1000)) {
        store.settle(lease, List.of(), Optional.of(Mail.FAR));
      }
    }
  }

  private static void expect(long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError("expected " + expected + " but got " + actual);
    }
  }

  private static void report(String when) {
    System.gc();
    var runtime = Runtime.getRuntime();
    long used = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    System.out.println(when + ": " + used + " MB in use of " + (runtime.maxMemory() >> 20));
  }

  /** Files of the file system, for which nobody waits. */
  private record Unforced(FileDisk disk) implements Disk {
    @Override
    public DiskFile create(String name) throws IOException {
      return new UnforcedFile(disk.create(name));
    }

    @Override
    public DiskFile open(String name) throws IOException {
      return new UnforcedFile(disk.open(name));
    }

    @Override
    public void rename(String name, String to) throws IOException {
      disk.rename(name, to);
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public List<String> list(String directory) throws IOException {
      return disk.list(directory);
    }

    @Override
    public void force(String directory) {
      // durability is not what this is about
    }

    @Override
    public long free() throws IOException {
      return disk.free();
    }
  }

  /** One of them. */
  private record UnforcedFile(DiskFile file) implements DiskFile {
    @Override
    public void write(java.nio.ByteBuffer data, long position) throws IOException {
      file.write(data, position);
    }

    @Override
    public int read(java.nio.ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void force() {
      // see above
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
