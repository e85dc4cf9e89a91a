package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The operator's command. */
class StartIT {
  private static final Map<String, String> NO_JAVA_NAMED = Map.of("SLUICE_JAVA", "");

  private static void start(Server server) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    server.start();
    long millis = (System.nanoTime() - begin) / 1_000_000;
    int feature = Jdk.running(server.pid()).feature();
    System.out.println("ready after " + millis + " ms on Java " + feature);
  }

  @Test
  void startStatusStop() throws Exception {
    try (var server = new Server("start", Map.of())) {
      start(server);
      assertTrue(server.sluice("status").contains("smtp: 127.0.0.1:" + server.port()));
      var twice = assertThrows(IOException.class, server::start);
      assertTrue(twice.getMessage().contains("already running"), twice.getMessage());
      server.sluice("stop");
      assertThrows(IOException.class, () -> server.sluice("status"));
      assertThrows(IOException.class, () -> server.sluice("flush"));
      start(server);
      server.kill();
      assertThrows(IOException.class, () -> server.sluice("status"));
      start(server); // what the killed one left behind is in nobody's way
    }
  }

  private static boolean hasOption(Server server, String option) throws IOException {
    String line = Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"));
    return List.of(line.split("\0")).contains(option);
  }

  /** Java does not start with two collectors. */
  @Test
  void anotherCollectorCanBeChosen() throws Exception {
    try (var server =
        new Server("collector", Map.of("SLUICE_JAVA_OPTS", "-Xmx200m -XX:+UseSerialGC"))) {
      start(server);
      assertTrue(hasOption(server, "-XX:+UseSerialGC"));
    }
  }

  private static String failure(Server server, String... command) {
    return assertThrows(IOException.class, () -> server.sluice(command)).getMessage();
  }

  @Test
  void ofTwoAtOnceOneServes() throws Exception {
    var threads = Executors.newFixedThreadPool(2);
    try (var server = new Server("twice", Map.of())) {
      var starts = List.of(threads.submit(server::start), threads.submit(server::start));
      List<String> failures = new ArrayList<>();
      for (Future<Server> start : starts) {
        try {
          start.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause().getMessage());
        }
      }
      assertEquals(1, failures.size(), failures.toString());
      assertTrue(failures.get(0).contains("already running"), failures.get(0));
      assertTrue(server.sluice("status").contains("smtp: 127.0.0.1:" + server.port()));
    } finally {
      threads.shutdownNow();
    }
  }

  private static ServerSocket taken() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    Server server;
    try (var taken = taken()) {
      int port = taken.getLocalPort();
      server = new Server("port", Map.of("SLUICE_SMTP_PORT", "" + port));
      for (int i = 0; i < 2; i++) { // with and without a log of a server before
        String why = failure(server, "start");
        assertTrue(why.contains(" ended with 111"), why);
        assertTrue(why.contains("sluice: unable to bind 127.0.0.1 port " + port), why);
        assertTrue(failure(server, "status").contains("not running"));
      }
    }
    try (server) {
      start(server);
    }
  }

  @Test
  void listenersAreWhatIsConfigured() throws Exception {
    try (var server = new Server("no-smtp", Map.of())) {
      server.conf("org.sluice.net-smtp.cfg", "protocol = smtp\nname = inbound\nport = 0\n");
      String said = server.sluice("start");
      assertTrue(said.contains("inbound: 127.0.0.1:") && !said.contains("not listen"), said);
      server.sluice("stop");
      Files.delete(server.home.resolve("conf/org.sluice.net-smtp.cfg"));
      said = server.sluice("start");
      assertTrue(said.startsWith("ready: pop3: 127.0.0.1:"), said);
    }
    try (var pop3 = taken();
        var server = new Server("no-pop3", Map.of("SLUICE_POP3_PORT", "" + pop3.getLocalPort()))) {
      String said = server.sluice("start");
      assertTrue(said.startsWith("pop3: does not listen: ") && said.contains("ready: SMTP"), said);
    }
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    var server = new Server("words", Map.of("SLUICE_SMTP_PORT", "abc"));
    assertTrue(failure(server, "start").contains("SLUICE_SMTP_PORT=abc is no port"));
    assertTrue(failure(server, "start", "it").contains(" ended with 100"));
    assertTrue(failure(server, "stop", "later").contains(" ended with 100"));
    Path file = Files.createFile(server.home.resolve("file"));
    var no = failure(new Server("words2", Map.of("SLUICE_HOME", file.toString())), "start");
    assertTrue(no.contains(" ended with 111") && no.contains("sluice: no home"), no);
  }

  @Test
  void aQueueThatCannotBeOpenedIsNamed() throws Exception {
    try (var server = new Server("no-queue", Map.of())) {
      Path log = server.home.resolve("queue/log");
      Files.createDirectory(log.getParent());
      Files.createFile(log);
      String why = failure(server, "start");
      assertTrue(why.contains("sluice: the queue cannot be opened: "), why);
      assertTrue(why.contains(log.toString()), why);
      Files.delete(log);
      start(server); // the first one has ended
    }
  }

  /** What a first start has left behind that did not get to its end. */
  @Test
  void halfAHomeIsMadeWhole() throws Exception {
    var broken = new Server("half-home", Map.of("SLUICE_JAVA", "/bin/false"));
    assertTrue(failure(broken, "mailbox", "add", "joe").contains("no password for"));
    try (var server = new Server(broken.home, Map.of())) {
      String said = server.sluice("start");
      assertTrue(said.contains("mailbox: " + Server.user() + "@localhost\n"), said);
      assertTrue(said.contains("pop3: user " + Server.user() + " password "), said);
      assertEquals("250", send(server, "postmaster@localhost").substring(0, 3));
      Poll.until("it is there", 60_000, () -> server.maildir(Server.user()).count() == 1);
    }
  }

  /** Where people write other digits, other programs still read what is printed here. */
  @Test
  void numbersAreTheSameEverywhere() throws Exception {
    var egypt = Map.of("JDK_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG");
    try (var server = new Server("digits", egypt)) {
      start(server);
      Poll.until("numbers", 60_000, () -> listeners(server).contains(" limit=400 now=0 "));
      assertTrue(listeners(server).contains(" seconds=0.0"), () -> listeners(server));
    }
  }

  private static String listeners(Server server) {
    try {
      return server.sluice("shell", "sluice:listeners");
    } catch (IOException e) {
      return ""; // the console is not there yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutJavaNothingIsMade() throws Exception {
    var server = new Server("no-java", Map.of("SLUICE_JAVA", "/nonexistent/java"));
    String why = failure(server, "start");
    assertTrue(why.contains(" ended with 111"), why);
    assertTrue(why.endsWith("sluice: SLUICE_JAVA=/nonexistent/java cannot be run\n"), why);
    assertFalse(Files.exists(server.home.resolve("users")));
  }

  @Test
  void mailboxesCanBeAddedSideBySide() throws Exception {
    var server = new Server("side-by-side", Map.of());
    server.sluice("mailbox", "add", "m0");
    var all = IntStream.range(1, 5).mapToObj(i -> "m" + i).toList();
    var threads = Executors.newFixedThreadPool(all.size());
    try {
      List<Callable<String>> adds = new ArrayList<>();
      all.forEach(name -> adds.add(() -> server.sluice("mailbox", "add", name)));
      for (Future<String> add : threads.invokeAll(adds)) {
        add.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Set<String> listed = Set.copyOf(server.sluice("mailbox", "list").lines().toList());
    assertTrue(listed.containsAll(all), listed::toString);
    String passwords = Files.readString(server.home.resolve("users/passwords"));
    all.forEach(name -> assertTrue(passwords.contains("\n" + name + ":"), passwords));
  }

  @Test
  void aPidFileThatNamesAStrangerIsNoServer() throws Exception {
    try (var server = new Server("stale-pid", Map.of())) {
      Process stranger = new ProcessBuilder("sleep", "300").start();
      try {
        Files.createDirectories(server.home.resolve("run"));
        Files.writeString(server.home.resolve("run/pid"), stranger.pid() + "\n");
        assertThrows(IOException.class, () -> server.sluice("stop"));
        server.start();
        server.sluice("stop");
        assertTrue(stranger.isAlive());
      } finally {
        stranger.destroy();
      }
    }
  }

  @Test
  void aHomeHasOneServerWhateverThePidFileSays() throws Exception {
    try (var server = new Server("two-servers", Map.of()).start()) {
      String pid = Files.readString(server.home.resolve("run/pid"));
      Files.delete(server.home.resolve("run/pid"));
      var second = assertThrows(IOException.class, server::start);
      assertTrue(second.getMessage().contains("a server runs in"), second.getMessage());
      Files.writeString(server.home.resolve("run/pid"), pid);
      assertTrue(server.sluice("status").contains("smtp: 127.0.0.1:" + server.port()));
      assertEquals("250", send(server).substring(0, 3), "the first one is as it was");
    }
  }

  private static String send(Server server) throws IOException {
    return send(server, Server.user() + "@localhost");
  }

  private static String send(Server server, String to) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      return client.send("a@b.example", to, "Subject: x\n\nx\n");
    }
  }

  @Test
  void nothingIsMadeWhereNobodyAskedForIt() throws Exception {
    Path none = Server.directory("mistyped");
    var server = new Server("no-home", Map.of("SLUICE_HOME", none.toString()));
    for (String[] command :
        new String[][] {{"mailbox", "list"}, {"mailbox", "password", "joe"}, {"status"}}) {
      assertThrows(IOException.class, () -> server.sluice(command));
    }
    assertFalse(Files.exists(none));
  }

  @Test
  void whatTheFirstMailboxIsToldReachesIt() throws Exception {
    try (var server = new Server("first-mailbox", Map.of()).start()) {
      var sendmail =
          new ProcessBuilder(
              Server.DIST.resolve("bin/sendmail").toString(), Server.user() + "@localhost");
      sendmail.environment().put("SLUICE_HOME", server.home.toString());
      Process process = sendmail.start();
      process.getOutputStream().write("Subject: x\n\nx\n".getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().close();
      assertEquals(0, process.waitFor());
      Poll.until("it is there", 30_000, () -> server.maildir(Server.user()).count() == 1);
    }
  }

  @Test
  void directoriesHaveAnyNames() throws Exception {
    Path parent = Server.directory("odd names");
    Client.run("rm", "-rf", parent.toString());
    Files.createDirectories(parent);
    Path dist = parent.resolve("d i%20s t#x");
    Client.run("cp", "-a", Server.DIST.toString(), dist.toString());
    String[] start = {
      "SLUICE_HOME=" + parent.resolve("h o%20m e#x"),
      "SLUICE_SMTP_PORT=0",
      "SLUICE_POP3_PORT=0",
      dist.resolve("bin/sluice").toString(),
      "start"
    };
    assertTrue(Client.output("env", start).contains("ready: SMTP on"));
    start[4] = "stop";
    Client.run("env", start);
  }

  @Test
  void theNewestJavaServesWhereNoneIsNamed() throws Exception {
    var newest = Jdk.newest();
    assumeTrue(newest.isPresent(), "no JDK where bin/sluice looks for them");
    try (var server = new Server("newest", NO_JAVA_NAMED)) {
      start(server);
      assertEquals(newest.get().feature(), Jdk.running(server.pid()).feature());
      assertTrue(hasOption(server, "-XX:+UseParallelGC"));
    }
  }

  @Test
  void theClassArchiveIsMadeAnewWhenItDoesNotFit() throws Exception {
    int newest = Jdk.newest().map(Jdk::feature).orElse(0);
    assumeTrue(newest >= 19, "older JDKs than 19 keep none, and this machine has no newer one");
    try (var server = new Server("archive", NO_JAVA_NAMED)) {
      Path archive = server.home.resolve("run/server.jsa");
      start(server);
      server.sluice("stop");
      long size = Files.size(archive);
      assertTrue(size > 1 << 20, "size: " + size);
      start(server);
      server.sluice("stop");
      for (int length : new int[] {100, 1 << 20}) { // cut short while it was written
        Files.write(archive, java.util.Arrays.copyOf(Files.readAllBytes(archive), length));
        start(server);
        server.sluice("stop");
        assertTrue(Files.size(archive) > 1 << 20, "size: " + Files.size(archive));
      }
      Files.writeString(server.home.resolve("run/server.jsa.for"), "another JDK");
      start(server);
      assertFalse(Files.exists(archive));
      server.sluice("stop");
      assertTrue(Files.size(archive) > 1 << 20, "size: " + Files.size(archive));
      String console = Files.readString(server.home.resolve("log/console"));
      assertEquals(-1, console.indexOf("arning"), console);
    }
  }
}
