package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One server under load that is killed again and again, and what must then be true of its mail. */
final class KillRun implements Callable<Void> {
  private static final int ENOUGH = 60;
  private static final int CONCURRENCY = 10;

  /** What a sender sends, and whereto. */
  private enum Kind {
    SMALL("here.example", 3_000, 1000),
    IN_A_FILE("here.example", 200_000, 8), // above what goes into the log
    RELAYED("there.example", 3_000, 1000);

    final String domain;
    final String body;
    final int most;

    Kind(String domain, int size, int most) {
      this.domain = domain;
      this.body = "x".repeat(79).concat("\n").repeat(size / 80) + "end\n";
      this.most = most;
    }
  }

  private final String name;
  private final int rounds;
  private final Random random;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<String, Kind> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Kind> tried = new ConcurrentHashMap<>();
  private final Set<Long> processes = new HashSet<>();
  private final Map<Path, String> seen = new HashMap<>();

  KillRun(String name, int rounds, long seed) {
    this.name = name;
    this.rounds = rounds;
    this.random = new Random(seed);
  }

  @Override
  public Void call() throws Exception {
    try (var there = new Server(name + "-there", Map.of("SLUICE_ME", "there.example")).start();
        var server = new Server(name, Map.of("SLUICE_ME", "here.example"))) {
      server.control("rcpthosts", "here.example\nthere.example\n");
      server.control("smtproutes", "there.example:127.0.0.1:" + there.port() + "\n");
      server.control("concurrencylocal", CONCURRENCY + "\n");
      server.control("concurrencyremote", CONCURRENCY + "\n");
      for (int round = 0; round < rounds; round++) {
        round(server, round);
      }
      server.start();
      processes.add(server.pid());
      server.sluice("flush");
      var here = server.maildir(Server.user()).path();
      var beyond = there.maildir(Server.user()).path();
      Poll.until("all is there", 120_000, () -> arrived(here, beyond));
      check(here, 1);
      check(beyond, 2);
      assertTrue(acknowledged.size() >= rounds * ENOUGH);
    }
    return null;
  }

  private void round(Server server, int round) throws IOException, InterruptedException {
    server.start();
    processes.add(server.pid());
    List<Thread> senders = new ArrayList<>();
    for (Kind kind :
        List.of(Kind.SMALL, Kind.SMALL, Kind.IN_A_FILE, Kind.IN_A_FILE, Kind.RELAYED)) {
      int port = server.port();
      senders.add(new Thread(() -> sendUntilCut(port, kind), kind + " in round " + round));
    }
    senders.forEach(Thread::start);
    int target = acknowledged.size() + ENOUGH;
    Poll.until("mail flows", 30_000, () -> acknowledged.size() >= target);
    Thread.sleep(random.nextInt(100)); // any moment will do
    server.kill();
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private boolean arrived(Path here, Path beyond) throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path maildir : List.of(here, beyond)) {
      for (Path file : list(maildir)) {
        seen.computeIfAbsent(file, KillRun::subject);
      }
    }
    ids.addAll(seen.values());
    return ids.containsAll(acknowledged.keySet());
  }

  private static String subject(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      String prefix = "Subject: ";
      return lines.filter(l -> l.startsWith(prefix)).findFirst().orElse("").substring(9);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Path> list(Path maildir) throws IOException {
    try (var files = Files.list(maildir.resolve("new"))) {
      return files.toList();
    }
  }

  /** Every message is one that was sent, as it was sent, and once for each process that died. */
  private void check(Path maildir, int hosts) throws IOException {
    Map<String, Set<Long>> deliveries = new HashMap<>();
    int copies = 0;
    for (Path file : list(maildir)) {
      String message = Files.readString(file, StandardCharsets.ISO_8859_1);
      String body = Maildir.withoutTrace(message, hosts);
      String id = body.substring("Subject: ".length(), body.indexOf('\n'));
      Kind kind = tried.get(id);
      assertEquals(mail(id, kind), body, "half a message, or another: " + file);
      var before = deliveries.computeIfAbsent(id, i -> new HashSet<>());
      assertTrue(before.add(process(file)) || hosts > 1, id + " came twice from one process");
      copies++;
    }
    int twice = copies - deliveries.size();
    System.out.println(deliveries.size() + " messages, " + twice + " delivered again after a kill");
    assertTrue(twice <= rounds * CONCURRENCY, "more than can have been under way: " + twice);
  }

  /** Who delivered it: names are TIME.PROCESS, six digits, a counter, and the host. */
  private long process(Path file) {
    String rest = file.getFileName().toString().split("\\.")[1];
    return processes.stream()
        .filter(p -> rest.startsWith(p.toString()))
        .filter(p -> rest.length() > p.toString().length() + 6)
        .max(Long::compare)
        .orElse(0L);
  }

  private static String mail(String id, Kind kind) {
    return "Subject: " + id + "\n\n" + kind.body;
  }

  private void sendUntilCut(int port, Kind kind) {
    try (var client = new SmtpClient(port)) {
      client.command("HELO client.example");
      for (int i = 0; i < kind.most; i++) {
        String id = "n" + number.incrementAndGet();
        tried.put(id, kind);
        String to = Server.user() + "@" + kind.domain;
        if (client.send("a@client.example", to, mail(id, kind)).startsWith("250")) {
          acknowledged.put(id, kind);
        }
      }
    } catch (IOException e) {
      return; // the server was killed: this sender is done
    }
  }
}
