package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.delivery.command.internal.ShellAgent;
import org.sluice.delivery.forward.internal.ForwardAgent;
import org.sluice.delivery.maildir.internal.MaildirAgent;
import org.sluice.delivery.mbox.internal.MboxAgent;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestDelivery;

/** A server that runs as root delivers with the rights of the recipient, and with no others. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WorkersTest {
  private static final int UID = 54321;
  private static final int GID = 54322;
  private static final int OTHER = 54399;
  private static final String MESSAGE = "Subject: hi\n\nbody line\n";
  private static final TempFail CRASHED = new TempFail("qmail-local crashed.\n");

  @TempDir Path directory;
  private final RecordingQueue queue = new RecordingQueue();
  private final Agents agents = new Agents(Duration.ofSeconds(30));
  private Path home;
  private Path secrets;
  private LocalTransport transport;

  @BeforeEach
  void make() throws IOException {
    Assumptions.assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can do it");
    Files.setAttribute(directory, "unix:mode", 0755);
    home = Files.createDirectory(directory.resolve("home"));
    give(home, UID);
    secrets = Files.createDirectory(directory.resolve("secrets"));
    Files.setAttribute(secrets, "unix:mode", 0700);
    add("maildir", MaildirAgent.class, new MaildirAgent());
    add("mbox", MboxAgent.class, new MboxAgent());
    add("command", ShellAgent.class, new ShellAgent(Duration.ofMinutes(4)));
    AllAgents.add(agents, "forward", new ForwardAgent());
    transport = transport(Duration.ofMinutes(1), Duration.ofMinutes(4));
  }

  @AfterEach
  void stop() {
    if (transport != null) {
      transport.stop();
    }
  }

  private void add(String kind, Class<?> type, DeliveryAgent agent) {
    agents.addAgent(
        agent,
        Map.of(
            DeliveryAgent.AGENT,
            kind,
            DeliveryAgent.AS_USER,
            type.getName(),
            "timeoutSeconds",
            240L,
            "cpuSeconds",
            0L,
            "memoryMegabytes",
            0L,
            "fileMegabytes",
            0L,
            "openFiles",
            0L));
  }

  private LocalTransport transport(Duration idle, Duration limit) {
    var workers =
        new Workers(
            agents,
            new PlainCode(),
            Map.of("sluice.dist", "/dist"),
            new WorkerPool.Limits(3, 2, idle, Duration.ofMinutes(3)),
            limit);
    var made =
        new LocalTransport(
            new LocalDelivery(agents, Clock.systemUTC()),
            () -> "./Mailbox",
            Map.of("PATH", "/usr/bin:/bin"),
            false,
            0,
            Optional.of(workers));
    made.addUsers(
        local ->
            Optional.of(
                local.startsWith("other")
                    ? new LocalUser("other", OTHER, OTHER, home, "", "")
                    : new LocalUser("joe", UID, GID, home, "", "")),
        Map.of());
    return made;
  }

  private static void give(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", GID, java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  private void qmail(String text) throws IOException {
    Files.writeString(home.resolve(".qmail"), text, StandardCharsets.ISO_8859_1);
  }

  private DeliveryResult deliver() throws Exception {
    return deliver("joe@h", TestDelivery.message(MESSAGE));
  }

  private DeliveryResult deliver(String recipient, MessageSource message) throws Exception {
    return transport.deliver(
        new Attempt(new QueueId(1), new ReversePath("s@x"), recipient, message, queue));
  }

  @Test
  void filesAndProgramsAreTheUsers() throws Exception {
    for (String part : List.of("Maildir", "Maildir/tmp", "Maildir/new")) {
      give(Files.createDirectory(home.resolve(part)), UID);
    }
    qmail("./Mailbox\n./Maildir/\n|id -u; id -g; id -G; pwd; umask; echo $PATH; cat >copy\n");
    assertEquals(
        new Delivered(
            "54321\n54322\n54322\n"
                + home.toRealPath()
                + "\n0077\n/dist/bin:/usr/bin:/bin\ndid 2+0+1\n"),
        deliver());
    for (String name : List.of("Mailbox", "copy")) {
      assertEquals(UID, Files.getAttribute(home.resolve(name), "unix:uid"));
      assertEquals(0100600, Files.getAttribute(home.resolve(name), "unix:mode"));
    }
    assertEquals(MESSAGE, Files.readString(home.resolve("copy")));
    assertTrue(Files.readString(home.resolve("Mailbox")).contains("\nDelivered-To: joe@h\n"));
    try (var files = Files.list(home.resolve("Maildir/new"))) {
      List<Path> found = files.toList();
      assertEquals(1, found.size());
      assertEquals(UID, Files.getAttribute(found.get(0), "unix:uid"));
      assertEquals(GID, Files.getAttribute(found.get(0), "unix:gid"));
    }
  }

  @Test
  void programsCannotGetMoreRights() throws Exception {
    qmail("|grep -E '^(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/self/status | tr -d '\\t'\n");
    String zero = "0".repeat(16);
    assertEquals(
        new Delivered(
            "CapInh:%1$s\nCapPrm:%1$s\nCapEff:%1$s\nCapAmb:%1$s\nNoNewPrivs:1\ndid 0+0+1\n"
                .formatted(zero)),
        deliver());
  }

  @Test
  void forwardsAreTheServersToQueue() throws Exception {
    qmail("./Mailbox\n&a@x\nb@y\n");
    assertEquals(new Delivered("did 1+2+0\nqp 4711\n"), deliver());
    assertEquals("Fs@x\0Ta@x\0Tb@y\0\0", queue.queued.get(0).envelope());
    assertEquals("Delivered-To: joe@h\n" + MESSAGE, queue.queued.get(0).message());
    queue.exit = 31;
    assertEquals(
        new PermFail(
            "Unable to forward message: mail server permanently rejected message (#5.3.0).\n"),
        deliver());
  }

  @Test
  void otherAgentsAreCalledInTheServer() throws Exception {
    var seen = new AtomicReference<String>();
    AllAgents.add(
        agents,
        "index",
        delivery -> {
          delivery.out().write("printed\n".getBytes(StandardCharsets.US_ASCII));
          seen.set(delivery.instruction() + delivery.recipient() + delivery.user().uid());
          return new DeliveryResult.DeliveredStop("indexed\n");
        });
    qmail("!index words\n./Mailbox\n");
    assertEquals(new Delivered("printed\nindexed\ndid 0+0+1\n"), deliver());
    assertEquals("wordsjoe@h54321", seen.get());
    qmail("./Mailbox\n!none\n");
    assertEquals(
        new TempFail(
            "No agent for none deliveries at the moment. (#4.3.0)\n",
            Optional.of(Duration.ofSeconds(1))),
        deliver());
    assertFalse(Files.exists(home.resolve("Mailbox")), "the other agent was not there");
  }

  @Test
  void homesThatOnlyTheUserMayEnter() throws Exception {
    Files.setAttribute(home, "unix:mode", 0700);
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
    assertEquals(
        new TempFail("Unable to switch to " + home + ": access denied. (#4.3.0)\n"),
        deliver("other@h", TestDelivery.message(MESSAGE)));
  }

  /** Whatever a name in the home leads to: what the user may not write stays as it is. */
  @Test
  void linksLeadNoFurtherThanTheUserCouldGo() throws Exception {
    Path secret = Files.writeString(secrets.resolve("secret"), "secret\n");
    Path plain = Files.writeString(directory.resolve("plain"), "plain\n");
    Files.setAttribute(plain, "unix:mode", 0600);
    Files.createSymbolicLink(home.resolve("symbolic"), secret);
    Files.createSymbolicLink(home.resolve("open"), plain);
    Files.createLink(home.resolve("hard"), plain);
    Files.createSymbolicLink(home.resolve("new"), secrets.resolve("new"));
    for (String name : List.of("symbolic", "open", "hard", "new")) {
      qmail("./" + name + "\n");
      assertEquals(
          new TempFail("Unable to open ./" + name + ": access denied. (#4.2.1)\n"), deliver());
    }
    assertEquals("secret\n", Files.readString(secret));
    assertEquals("plain\n", Files.readString(plain));
    assertFalse(Files.exists(secrets.resolve("new")));
    qmail("|cat symbolic open hard; exit 100\n");
    assertFalse(deliver().toString().matches("(?s).*(secret\n|plain\n).*"), "read");
  }

  @Test
  void maildirsOfOthers() throws Exception {
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectory(secrets.resolve(part));
    }
    Files.createSymbolicLink(home.resolve("Maildir"), secrets);
    qmail("./Maildir/\n");
    assertEquals(new TempFail("Unable to chdir to maildir. (#4.2.1)\n"), deliver());
    Files.setAttribute(secrets, "unix:mode", 0755);
    assertEquals(new TempFail("Temporary error on maildir delivery. (#4.3.0)\n"), deliver());
    try (var files = Files.walk(secrets)) {
      assertEquals(4, files.count());
    }
  }

  @Test
  void instructionsOfOthers() throws Exception {
    Files.writeString(secrets.resolve("q"), "&stolen@x\n");
    Files.createSymbolicLink(home.resolve(".qmail"), secrets.resolve("q"));
    assertEquals(new TempFail("Unable to open .qmail: access denied. (#4.3.0)\n"), deliver());
    assertEquals(List.of(), queue.queued);
  }

  /** A name that changes its meaning all the time, faster than any check could be. */
  @Test
  void races() throws Exception {
    Path victim = Files.writeString(secrets.resolve("victim"), "victim\n");
    Path own = Files.createFile(home.resolve("own"));
    give(own, UID);
    Path name = home.resolve("box");
    Files.createSymbolicLink(name, own);
    qmail("./box\n");
    var stop = new AtomicBoolean();
    var swapper =
        new Thread(
            () -> {
              Path next = home.resolve("next");
              for (boolean bad = true; !stop.get(); bad = !bad) {
                try {
                  Files.deleteIfExists(next);
                  Files.createSymbolicLink(next, bad ? victim : own);
                  Files.move(next, name, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });
    swapper.start();
    int delivered = 0;
    for (int i = 0; i < 100; i++) {
      delivered += deliver() instanceof Delivered ? 1 : 0;
    }
    stop.set(true);
    swapper.join();
    assertEquals("victim\n", Files.readString(victim));
    long there = Files.readString(own).lines().filter(l -> l.startsWith("From ")).count();
    assertEquals(delivered, there);
  }

  @Test
  void aDeliveryThatHangsIsKilledAtTheLimit() throws Exception {
    transport.stop();
    transport = transport(Duration.ofMinutes(1), Duration.ofSeconds(8));
    qmail("|echo $$ >pid; exec sleep 1000\n");
    assertEquals(CRASHED, deliver());
    long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      Thread.sleep(50);
    }
  }

  @Test
  void anInterruptKillsIt() throws Exception {
    qmail("|echo $$ >pid; exec sleep 1000\n");
    var result = new AtomicReference<Object>();
    var delivery =
        new Thread(
            () -> {
              try {
                result.set(deliver());
              } catch (Exception e) {
                result.set(e);
              }
            });
    delivery.start();
    while (!Files.exists(home.resolve("pid")) || Files.size(home.resolve("pid")) == 0) {
      Thread.sleep(50);
    }
    delivery.interrupt();
    delivery.join();
    assertTrue(result.get() instanceof InterruptedException, result.toString());
    long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      Thread.sleep(50);
    }
  }

  @Test
  void aUserWhoKillsItHarmsOnlyHisOwnMail() throws Exception {
    qmail("|kill -9 $PPID; sleep 1000\n");
    assertEquals(CRASHED, deliver());
    qmail("./Mailbox\n");
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
  }

  @Test
  void aWorkerIsUsedAgainAndGoesWhenIdle() throws Exception {
    transport.stop();
    transport = transport(Duration.ofSeconds(2), Duration.ofMinutes(4));
    qmail("|echo $PPID\n");
    var first = deliver();
    assertEquals(first, deliver());
    long pid = Long.parseLong(((Delivered) first).detail().lines().findFirst().orElseThrow());
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      Thread.sleep(50);
    }
    assertNotEquals(first, deliver());
  }

  @Test
  void otherAgentsMeanOtherWorkers() throws Exception {
    qmail("|echo $PPID\n");
    var first = deliver();
    var more = new MboxAgent();
    add("mbox2", MboxAgent.class, more);
    var second = deliver();
    assertNotEquals(first, second);
    qmail("!mbox2 ./Mailbox2\n");
    assertEquals(new Delivered("did 0+0+1\n"), deliver());
    assertEquals(UID, Files.getAttribute(home.resolve("Mailbox2"), "unix:uid"));
  }

  /** More at once than workers may be, of two users. */
  @Test
  void manyAtOnce() throws Exception {
    Files.createDirectory(home.resolve("out"));
    give(home.resolve("out"), UID);
    Files.setAttribute(home.resolve("out"), "unix:mode", 0777);
    qmail("|cat >out/$LOCAL; id -u\n");
    var threads = Executors.newFixedThreadPool(12);
    List<Future<DeliveryResult>> results = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String recipient = (i % 2 == 0 ? "joe-" : "other-") + i + "@h";
      var message = TestDelivery.message("Subject: x\n\n" + (i + "\n").repeat(20_000));
      results.add(threads.submit(() -> deliver(recipient, message)));
    }
    for (int i = 0; i < 40; i++) {
      assertEquals(
          new Delivered((i % 2 == 0 ? UID : OTHER) + "\ndid 0+0+1\n"), results.get(i).get());
      Path out = home.resolve("out/" + (i % 2 == 0 ? "joe-" : "other-") + i);
      assertTrue(Files.readString(out).endsWith((i + "\n").repeat(20_000)));
    }
    threads.shutdown();
  }

  @Test
  void anUnreadableMessage() throws Exception {
    var broken =
        new MessageSource() {
          @Override
          public long size() {
            return 1 << 20;
          }

          @Override
          public Header header() {
            throw new UnsupportedOperationException();
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("Input/output error");
          }
        };
    assertEquals(
        new TempFail("Unable to read message: input/output error. (#4.3.0)\n"),
        deliver("joe@h", broken));
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
  }
}
