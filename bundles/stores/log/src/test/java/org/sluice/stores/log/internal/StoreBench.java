package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.base.Directories;

/**
 * {@code sluice bench store}: durable commits of 4 KB, beside a file a message that is synced as
 * qmail-queue's are, directories included. The store's messages are leased and settled meanwhile,
 * so that its segments are recycled.
 */
final class StoreBench {
  private static final byte[] BODY = "0123456789abcde\n".repeat(256).getBytes();
  private static final int SECONDS = Integer.getInteger("bench.seconds", 4);

  private interface Commit {
    void run(long number) throws IOException;
  }

  private record Figures(double perSecond, double p99Millis) {}

  private StoreBench() {}

  /** The directory to work in. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Path files = root.resolve("files");
    for (String name : List.of("pid", "mess", "intd", "todo")) {
      Files.createDirectories(files.resolve(name));
    }
    var stop = new AtomicBoolean();
    try (var store =
        new LogStore(new FileDisk(root.resolve("log")), LogOptions.DEFAULT, Clock.systemUTC())) {
      var finisher = new Thread(() -> finish(store, stop), "finisher");
      finisher.start();
      run(16, n -> commit(store)); // warm-up, not counted
      double ratio = 0;
      System.out.println("committers   store/s  p99 ms    files/s  p99 ms   ratio");
      for (int threads : new int[] {1, 16, 64}) {
        List<Figures> ours = new ArrayList<>();
        List<Figures> theirs = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
          ours.add(run(threads, n -> commit(store)));
          theirs.add(run(threads, n -> file(files, n)));
        }
        Figures a = median(ours);
        Figures b = median(theirs);
        double x = a.perSecond() / b.perSecond();
        ratio = threads == 16 ? x : ratio;
        System.out.printf(
            "%10d %9.0f %7.2f %10.0f %7.2f %7.1f%n",
            threads, a.perSecond(), a.p99Millis(), b.perSecond(), b.p99Millis(), x);
      }
      System.out.printf("ratio at 16 committers: %.1f%n", ratio);
      stop.set(true);
      finisher.join();
    }
  }

  private static Figures median(List<Figures> rounds) {
    rounds.sort((a, b) -> Double.compare(a.perSecond(), b.perSecond()));
    return rounds.get(rounds.size() / 2);
  }

  private static Figures run(int threads, Commit commit) throws InterruptedException {
    var numbers = new AtomicLong(System.nanoTime());
    List<Thread> running = new ArrayList<>();
    long[][] times = new long[threads][];
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (int i = 0; i < threads; i++) {
      int slot = i;
      var thread = new Thread(() -> times[slot] = commits(commit, numbers, end), "committer" + i);
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
    long[] all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
    return new Figures(all.length / (double) SECONDS, all[all.length * 99 / 100] / 1e6);
  }

  private static long[] commits(Commit commit, AtomicLong numbers, long end) {
    long[] times = new long[1 << 20];
    int n = 0;
    try {
      for (long start = System.nanoTime(); start < end && n < times.length; n++) {
        commit.run(numbers.incrementAndGet());
        long now = System.nanoTime();
        times[n] = now - start;
        start = now;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Arrays.copyOf(times, n);
  }

  private static void commit(LogStore store) throws IOException {
    try (var body = store.stage()) {
      body.stream().write(BODY);
      var to = List.of(new QueuedRecipient(Channel.LOCAL, "joe@example.org"));
      var from = new ReversePath("a@b.example");
      store.commit(body, new QueueRecord(from, to, 0, 1, Instant.now(), false));
    }
  }

  private static void finish(LogStore store, AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        var request = new LeaseRequest(Channel.LOCAL, Instant.now(), 1000, Duration.ofMinutes(1));
        var leases = store.lease(request);
        for (var lease : leases) {
          store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Instant.now()));
        }
        if (leases.isEmpty()) {
          LockSupport.parkNanos(1_000_000); // the files are being measured, not this loop
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** qmail-queue's order, with the forced directories that today's file systems need. */
  private static void file(Path root, long number) throws IOException {
    String name = Long.toString(number);
    Path pid = root.resolve("pid").resolve(name);
    Path mess = root.resolve("mess").resolve(name);
    Path intd = root.resolve("intd").resolve(name);
    write(pid, BODY);
    Files.createLink(mess, pid);
    Files.delete(pid);
    Directories.force(mess.getParent());
    write(intd, "u0\0p1\0Fa@b.example\0Tjoe@example.org\0".getBytes());
    Files.createLink(root.resolve("todo").resolve(name), intd);
    Directories.force(root.resolve("todo"));
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes));
      file.force(true);
    }
  }
}
