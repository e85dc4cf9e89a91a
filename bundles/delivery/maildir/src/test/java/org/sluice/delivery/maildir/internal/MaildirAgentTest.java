package org.sluice.delivery.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.Directories;
import org.sluice.testkit.SmallDisk;
import org.sluice.testkit.TestDelivery;

/** Order, failures and many at once; contents are in the recorded runs of qmail-local. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MaildirAgentTest {
  private static final DeliveryResult DONE = new Delivered("");
  private static final DeliveryResult TEMPORARY =
      new TempFail("Temporary error on maildir delivery. (#4.3.0)\n");
  private static final String FRONT =
      "Return-Path: <sam@sender.example>\nDelivered-To: joe@example.org\n";

  @TempDir Path home;
  private Path maildir;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-04T11:46:07Z"));
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now.get();
        }

        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }
      };

  @BeforeEach
  void make() throws IOException {
    maildir = make(home.resolve("Maildir"));
  }

  private static Path make(Path maildir) throws IOException {
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(maildir.resolve(part));
    }
    return maildir;
  }

  private MaildirAgent agent(DirectoryForcer.Force force) {
    return new MaildirAgent(clock, "host.example", force);
  }

  private DeliveryResult deliver(MaildirAgent agent) throws Exception {
    return agent.deliver(new TestDelivery(home).of("./Maildir/"));
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void namesAreTimeNumberAndHost() throws Exception {
    var agent = agent(Directories::force);
    assertEquals(DONE, deliver(agent));
    assertEquals(DONE, deliver(agent));
    var names = list(maildir.resolve("new"));
    assertEquals(2, names.size());
    names.forEach(
        n -> assertTrue(n.getFileName().toString().matches("1793792767\\.\\d+\\.host\\.example")));
    assertEquals(0100600, Files.getAttribute(names.get(0), "unix:mode"));
  }

  @Test
  void hostNamesAreCutAt64() {
    String name = new UniqueName(clock, "h".repeat(100)).next();
    assertTrue(name.endsWith("." + "h".repeat(64)), name);
  }

  /** When the directory is forced, the file is whole, in new, and no longer in tmp. */
  @Test
  void theDirectoryIsForcedLast() throws Exception {
    var forced = new ArrayList<String>();
    var agent =
        agent(
            directory -> {
              assertEquals(maildir.resolve("new"), directory.normalize());
              Path file = list(directory).get(0);
              forced.add(Files.readString(file));
              assertEquals(List.of(), list(maildir.resolve("tmp")));
              Directories.force(directory);
            });
    assertEquals(DONE, deliver(agent));
    assertEquals(List.of(FRONT + "Subject: hi\n\nbody line\n"), forced);
  }

  @Test
  void aDirectoryThatCannotBeForcedMeansNotDelivered() throws Exception {
    var agent =
        agent(
            directory -> {
              throw new IOException("Input/output error");
            });
    assertEquals(TEMPORARY, deliver(agent));
    assertEquals(List.of(), list(maildir.resolve("new")));
    assertEquals(List.of(), list(maildir.resolve("tmp")));
  }

  @Test
  void unreadableMessagesLeaveNothing() throws Exception {
    var agent = agent(Directories::force);
    var unopened = message(() -> new IOException("Input/output error"), 0);
    var broken = message(() -> new IOException("Input/output error"), 300_000);
    var expected = new TempFail("Unable to read message. (#4.3.0)\n");
    assertEquals(expected, agent.deliver(new TestDelivery(home).message(unopened).of("Maildir/")));
    assertEquals(expected, agent.deliver(new TestDelivery(home).message(broken).of("Maildir/")));
    assertEquals(List.of(), list(maildir.resolve("new")));
    assertEquals(List.of(), list(maildir.resolve("tmp")));
  }

  @Test
  void aDeliveryEndsAfterADay() throws Exception {
    var slow =
        message(
            () -> {
              now.updateAndGet(t -> t.plus(Duration.ofHours(25)));
              return null;
            },
            1 << 20);
    assertEquals(
        new TempFail("Timeout on maildir delivery. (#4.3.0)\n"),
        agent(Directories::force).deliver(new TestDelivery(home).message(slow).of("Maildir/")));
    assertEquals(List.of(), list(maildir.resolve("tmp")));
  }

  @Test
  void interruptsLeaveNothing() throws Exception {
    var message =
        message(
            () -> {
              Thread.currentThread().interrupt();
              return null;
            },
            1 << 20);
    assertEquals(
        TEMPORARY,
        agent(Directories::force).deliver(new TestDelivery(home).message(message).of("Maildir/")));
    assertTrue(Thread.interrupted());
    assertEquals(List.of(), list(maildir.resolve("new")));
    assertEquals(List.of(), list(maildir.resolve("tmp")));
  }

  /** What a killed delivery left goes after 36 hours; younger and hidden files stay. */
  @Test
  void leftoversAreRemoved() throws Exception {
    var agent = agent(Directories::force);
    Path tmp = maildir.resolve("tmp");
    Path old = touched(tmp.resolve("1.2.host"), 37);
    Path young = touched(tmp.resolve("3.4.host"), 35);
    Path hidden = touched(tmp.resolve(".hidden"), 100);
    Path link = Files.createSymbolicLink(tmp.resolve("link"), young);
    assertEquals(DONE, deliver(agent));
    assertEquals(Set.of(young, hidden, link), new HashSet<>(list(tmp)));
    touched(old, 37);
    assertEquals(DONE, deliver(agent));
    assertTrue(Files.exists(old), "once a day is enough");
    now.updateAndGet(t -> t.plus(Duration.ofHours(25)));
    assertEquals(DONE, deliver(agent));
    assertEquals(Set.of(hidden, link), new HashSet<>(list(tmp)));
  }

  private Path touched(Path file, int hoursAgo) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    FileTime time = FileTime.from(now.get().minus(Duration.ofHours(hoursAgo)));
    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, time, null);
    return file;
  }

  @Test
  void manyAtOnce() throws Exception {
    int threads = 16;
    int each = 20;
    var agent = new MaildirAgent();
    var pool = Executors.newFixedThreadPool(threads);
    List<Future<DeliveryResult>> results = new ArrayList<>();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < threads * each; i++) {
      String text = "Subject: " + i + "\n\n" + "line\n".repeat(i * 50);
      expected.add(FRONT + text);
      var delivery = new TestDelivery(home).message(TestDelivery.message(text));
      results.add(pool.submit(() -> agent.deliver(delivery.of("./Maildir/"))));
    }
    for (var result : results) {
      assertEquals(DONE, result.get(4, TimeUnit.MINUTES));
    }
    pool.shutdown();
    Set<String> found = new HashSet<>();
    for (Path file : list(maildir.resolve("new"))) {
      found.add(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertEquals(expected, found);
    assertEquals(List.of(), list(maildir.resolve("tmp")));
  }

  @Test
  void aFullDiskLeavesNothing() throws Exception {
    try (var disk = new SmallDisk(home.resolve("small"), 100)) {
      Path small = disk.path();
      make(small);
      var large = TestDelivery.message("A: b\n\n" + "x".repeat(200_000));
      var agent = agent(Directories::force);
      assertEquals(TEMPORARY, agent.deliver(new TestDelivery(home).message(large).of("small/")));
      assertEquals(List.of(), list(small.resolve("tmp")));
      assertEquals(DONE, agent.deliver(new TestDelivery(home).of("small/")));
    }
  }

  /** Something that happens when a message is read. */
  private interface Event {
    IOException happens();
  }

  /** A message of {@code size} octets, then the event; size 0 cannot be opened. */
  private static MessageSource message(Event event, int size) {
    return new MessageSource() {
      @Override
      public long size() {
        return 2L * size;
      }

      @Override
      public Header header() {
        throw new UnsupportedOperationException();
      }

      @Override
      public InputStream open() throws IOException {
        if (size == 0) {
          throw event.happens();
        }
        return new InputStream() {
          private int left = 2 * size;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] block, int offset, int length) throws IOException {
            if (left <= size) {
              IOException failure = event.happens();
              if (failure != null) {
                throw failure;
              }
            }
            left -= length;
            return left < 0 ? -1 : length;
          }
        };
      }
    };
  }
}
