package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.delivery.command.internal.ShellAgent;
import org.sluice.delivery.forward.internal.ForwardAgent;
import org.sluice.delivery.maildir.internal.MaildirAgent;
import org.sluice.delivery.mbox.internal.MboxAgent;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestDelivery;

/** A server that runs as root, and the home of another user. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class WorkerFixture {
  static final int UID = 54321;
  static final int GID = 54322;
  static final int OTHER = 54399;
  static final String MESSAGE = "Subject: hi\n\nbody line\n";
  static final TempFail CRASHED = new TempFail("qmail-local crashed.\n");

  @TempDir Path directory;
  final RecordingQueue queue = new RecordingQueue();
  final Agents agents = new Agents(Duration.ofSeconds(30));
  Path home;
  Path secrets;
  LocalTransport transport;

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

  void add(String kind, Class<?> type, DeliveryAgent agent) {
    add(kind, type, agent, 0);
  }

  /** With so many processes and threads of the user at most. */
  void add(String kind, Class<?> type, DeliveryAgent agent, long processes) {
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
            0L,
            "processes",
            processes));
  }

  LocalTransport transport(Duration idle, Duration limit) {
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
                local.equals("nobody")
                    ? new LocalUser("nobody", UID, -1, home, "", "")
                    : local.startsWith("other")
                        ? new LocalUser("other", OTHER, OTHER, home, "", "")
                        : new LocalUser("joe", UID, GID, home, "", "")),
        Map.of());
    return made;
  }

  static void give(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", GID, java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  void qmail(String text) throws IOException {
    Files.writeString(home.resolve(".qmail"), text, StandardCharsets.ISO_8859_1);
  }

  DeliveryResult deliver() throws Exception {
    return deliver("joe@h", TestDelivery.message(MESSAGE));
  }

  DeliveryResult deliver(String recipient, MessageSource message) throws Exception {
    return transport.deliver(
        new Attempt(new QueueId(1), new ReversePath("s@x"), recipient, message, queue));
  }

  /** A program has written its process number into a file in the home; that process is gone. */
  void gone(String file) throws Exception {
    long pid = Long.parseLong(Files.readString(home.resolve(file)).strip());
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      Thread.sleep(50);
    }
  }

  void written(String file) throws Exception {
    while (!Files.exists(home.resolve(file)) || Files.size(home.resolve(file)) == 0) {
      Thread.sleep(50);
    }
  }

  /** A delivery in a thread of its own, to be interrupted. */
  final class Started {
    private final AtomicReference<Object> result = new AtomicReference<>();
    private final Thread thread;

    Started(MessageSource message) {
      thread =
          new Thread(
              () -> {
                try {
                  result.set(deliver("joe@h", message));
                } catch (Exception e) {
                  result.set(e);
                }
              });
      thread.start();
    }

    void interrupt() throws InterruptedException {
      thread.interrupt();
      thread.join();
      assertTrue(result.get() instanceof InterruptedException, result.toString());
    }
  }
}
