package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sluice.itest.NetstringClient.qmqp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The jars of listeners, and of what their sockets are extended by, are written anew, taken away
 * and put back while clients come and go: none is cut or refused.
 */
class ReplaceListenersIT {
  private static final String JOE = "joe";
  private static final String POP3 = "org.sluice.listeners.pop3";
  private static final String QMQP = "org.sluice.listeners.qmqp";
  private static final String PLUGINS =
      "auth.file delivery.local delivery.maildir listeners.pop3 listeners.qmqp tcp.limits tcp.proxy "
          + Pop3Extensions.PLUGINS;
  private static final String LIMITS = "org.sluice.tcp.limits";
  private static final String PROXY = "org.sluice.tcp.proxy";
  private static final int UPDATES = 3;
  private static final int CLIENTS = 4;

  /** Milliseconds between two sessions of a client, so that the test costs little. */
  private static final int PAUSE = 30;

  private static final Pattern SUBJECT = Pattern.compile("\nSubject: (.+)\n");

  private static Server server;
  private static Jars jars;
  private static String password;

  private final AtomicBoolean over = new AtomicBoolean();
  private final Queue<String> trouble = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws Exception {
    server = new Server("replace-listeners", Map.of(), List.of(PLUGINS.split(" ")));
    String said = server.sluice("mailbox", "add", JOE);
    password = said.substring(said.lastIndexOf(" password ") + 10).strip();
    server.conf(
        "org.sluice.net-qmqp.cfg", "protocol = qmqp\naddress = 127.0.0.1\nport = 0\nlimit = 200\n");
    server.conf(
        "org.sluice.net-few.cfg",
        "protocol = pop3\nname = few\naddress = 127.0.0.1\nport = 0\nperAddressLimit = 2\n");
    server.conf(
        "org.sluice.net-proxied.cfg",
        "protocol = pop3\nname = proxied\naddress = 127.0.0.1\nport = 0\nproxies = 127.0.0.1\n"
            + "verbose = true\n");
    Pop3Extensions.prepare(server);
    server.start();
    jars = new Jars(server.home);
    server.listening("qmqp").listening("pop3").listening("few").listening("proxied");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** What a client does in one session. */
  private interface Session {
    void run() throws Exception;
  }

  /** One session after the other on a thread of its own, until it is over or one fails. */
  private Thread client(Session session) {
    var thread =
        new Thread(
            () -> {
              try {
                while (!over.get()) {
                  session.run();
                  Thread.sleep(PAUSE);
                }
              } catch (Exception | AssertionError e) {
                trouble.add(e.toString());
              }
            });
    thread.start();
    return thread;
  }

  private void end(List<Thread> clients) throws InterruptedException {
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertEquals(List.of(), List.copyOf(trouble));
  }

  /** Connects, and says something, until nobody answers: the bundle is being replaced. */
  private static Socket unanswered(String protocol, Said said) throws Exception {
    for (int more = 500; more > 0; more--) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(protocol));
      socket.getOutputStream().write(said.next().getBytes());
      socket.setSoTimeout(1_000);
      try {
        assertTrue(socket.getInputStream().read(new byte[1_000]) > 0, "a client was cut");
        socket.close();
      } catch (SocketTimeoutException e) {
        return socket;
      }
      Thread.sleep(20); // two looks at plugins/ a second
    }
    throw new AssertionError("the listener is not replaced, or does not wait for its session");
  }

  /** What the next client says. */
  private interface Said {
    String next();
  }

  private static Path cur() {
    return server.maildir(JOE).path().resolve("cur");
  }

  /** Puts a message there, an old one: POP3 shows none of this second. */
  private static String message(String name) throws IOException {
    Path file = Files.writeString(cur().resolve(name), text(name));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    return name;
  }

  private static String text(String name) {
    return "Subject: " + name + "\n\nthe message " + name + "\n";
  }

  private static Pop3Client login() throws IOException {
    return Pop3Client.login(server.port("pop3"), JOE, password);
  }

  /** The names of the messages in the order of their numbers, each there once. */
  private static List<String> names(Pop3Client client) throws IOException {
    List<String> names = client.lines("UIDL").stream().map(l -> l.split(" ")[1]).toList();
    assertEquals(names.size(), new TreeSet<>(names).size(), "seen twice: " + names);
    return names;
  }

  private static void delete(Pop3Client client, List<String> names, String name)
      throws IOException {
    assertEquals("+OK ", client.command("DELE " + (names.indexOf(name) + 1)));
  }

  private static void read(Pop3Client client, List<String> names, String name) throws IOException {
    List<String> lines = client.lines("RETR " + (names.indexOf(name) + 1));
    assertEquals(text(name) + "\n", String.join("\n", lines) + "\n");
  }

  /** A mail program that has messages of its own, and removes one of them in each session. */
  private static final class Reader implements Session {
    final String name;
    final String kept;
    final Set<String> left = new TreeSet<>();

    Reader(String name, String kept) throws IOException {
      this.name = name;
      this.kept = kept;
      for (int i = 0; i < 50; i++) {
        left.add(message(name + "." + i));
      }
    }

    @Override
    public void run() throws IOException {
      try (var client = login()) {
        List<String> names = names(client);
        assertEquals(
            left,
            new TreeSet<>(names.stream().filter(other -> other.startsWith(name + ".")).toList()));
        read(client, names, kept);
        if (!left.isEmpty()) {
          String first = left.iterator().next();
          delete(client, names, first);
          left.remove(first);
        }
        assertEquals("+OK ", client.command("QUIT"));
      }
    }
  }

  @Test
  void pop3SessionsRunToTheirQuit() throws Exception {
    Set<String> kept = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      kept.add(message("kept" + i));
    }
    List<Reader> readers = new ArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      readers.add(new Reader("reader" + i, "kept" + i));
    }
    for (Reader reader : readers) {
      clients.add(client(reader));
    }
    for (int i = 1; i <= UPDATES && trouble.isEmpty(); i++) {
      message("before" + i);
      message("within" + i);
      acrossAnUpdate(i, kept);
      jars.updated(POP3, i);
    }
    end(clients);
    readers.forEach(reader -> assertTrue(reader.left.size() < 50, reader.name + " removed none"));
    readers.forEach(reader -> kept.addAll(reader.left));
    try (var files = Files.list(cur())) {
      assertEquals(kept, new TreeSet<>(files.map(f -> f.getFileName().toString()).toList()));
    }
    assertEquals(0, server.maildir(JOE).count());
  }

  @Test
  void pop3IsQmailsWithoutTheJarsOfItsExtensions() throws Exception {
    var extensions = new Pop3Extensions(server, JOE, password);
    extensions.comeAndGo(jars);
    extensions.replaced(jars);
  }

  /** A session that began before goes on to its QUIT; who comes meanwhile is served after it. */
  private static void acrossAnUpdate(int number, Set<String> kept) throws Exception {
    String before = "before" + number;
    String within = "within" + number;
    try (var old = login()) {
      List<String> names = names(old);
      delete(old, names, before);
      jars.write(POP3);
      try (var next = new Pop3Client(unanswered("pop3", () -> ""))) {
        assertEquals(number - 1, jars.updates(POP3));
        assertEquals("-ERR already deleted", old.command("RETR " + (names.indexOf(before) + 1)));
        read(old, names, within);
        delete(old, names, within);
        assertTrue(Files.exists(cur().resolve(before)), "removed before QUIT");
        assertEquals("+OK ", old.command("QUIT"));
        assertTrue(next.line().startsWith("+OK "));
        List<String> seen = names(next.login(JOE, password));
        assertFalse(seen.contains(before) || seen.contains(within), seen.toString());
        assertTrue(seen.containsAll(kept), seen.toString());
        assertEquals("+OK ", next.command("QUIT"));
      }
    }
  }

  @Test
  void qmqpMessagesAreAllTaken() throws Exception {
    var subjects = new AtomicInteger();
    Said message =
        () ->
            qmqp(
                "Subject: " + subjects.incrementAndGet() + "\n\nx\n",
                "s@x.example",
                Server.user() + "@localhost");
    Session session =
        () -> {
          try (var client = new NetstringClient(server.port("qmqp"))) {
            assertAccepted(client.send(message.next()));
          }
        };
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(client(session));
    }
    for (int i = 1; i <= UPDATES && trouble.isEmpty(); i++) {
      String text = message.next();
      try (var old = new NetstringClient(server.port("qmqp"))) {
        old.send(text.substring(0, 20));
        jars.write(QMQP);
        try (var next = new NetstringClient(unanswered("qmqp", message))) {
          assertEquals(i - 1, jars.updates(QMQP));
          assertAccepted(old.send(text.substring(20)));
          assertAccepted(next);
        }
      }
      jars.updated(QMQP, i);
    }
    end(clients);
    int sent = subjects.get();
    assertTrue(sent >= 2 * UPDATES + CLIENTS, "only " + sent);
    var maildir = server.maildir(Server.user());
    Poll.until("all are delivered", 60_000, () -> maildir.count() >= sent);
    Set<String> seen = new TreeSet<>();
    for (String delivered : maildir.messages()) {
      Matcher subject = SUBJECT.matcher(delivered);
      assertTrue(subject.find(), delivered);
      assertTrue(seen.add(subject.group(1)), "delivered twice: " + delivered);
    }
    assertEquals(sent, seen.size());
  }

  private static void assertAccepted(NetstringClient client) throws IOException {
    String answer = client.read();
    assertTrue(answer.startsWith("Kok "), answer);
    assertTrue(client.closed());
  }

  /** Takes a jar away; returns when the operator is told who waits for it, and why. */
  private static void take(String bundle, String listener, String why) throws Exception {
    jars.take(bundle);
    Path told = server.home.resolve("run/" + listener + ".waiting");
    Poll.until("it is told", 60_000, () -> Files.exists(told));
    assertTrue(server.sluice("status").contains("\n" + listener + ": waits: " + why));
  }

  private static void putBack(String bundle, String listener, String why) throws Exception {
    jars.putBack(bundle);
    Path told = server.home.resolve("run/" + listener + ".waiting");
    Poll.until("nobody waits", 60_000, () -> Files.notExists(told));
    assertEquals(1, jars.logged(why));
  }

  private static Socket connected(String listener) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(listener));
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Whether a client is let in; one too many is closed without a word. */
  private static boolean served(Socket client) throws IOException {
    try (client) {
      return client.getInputStream().read() == '+';
    }
  }

  /** A client that is connected and hears nothing. */
  private static Socket waiting(String listener, String said) throws IOException {
    var socket = connected(listener);
    socket.getOutputStream().write(said.getBytes());
    socket.setSoTimeout(500);
    assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
    socket.setSoTimeout(60_000);
    return socket;
  }

  @Test
  void limitsCountWhoWasThereBefore() throws Exception {
    try (var first = new Pop3Client(connected("few"));
        var second = new Pop3Client(connected("few"))) {
      assertTrue(first.line().startsWith("+OK") && second.line().startsWith("+OK"));
      assertFalse(served(connected("few")));
      jars.write(LIMITS);
      jars.updated(LIMITS, 1);
      assertFalse(served(connected("few")));
      String why = "perAddressLimit = 2: the bundle " + LIMITS;
      take(LIMITS, "few", why);
      Socket waits = waiting("few", "");
      assertTrue(served(connected("pop3")), "it asks for none");
      assertEquals("+OK ", first.command("NOOP"));
      putBack(LIMITS, "few", why);
      assertFalse(served(waits));
      assertFalse(served(connected("few")));
      assertTrue(second.command("QUIT").startsWith("+OK"));
      Poll.until("a place is free", 60_000, () -> served(connected("few")));
      assertEquals("+OK ", first.command("NOOP"));
    }
  }

  @Test
  void clientsOfProxiesWaitForTheReaderOfTheirHeaders() throws Exception {
    String header = "PROXY TCP4 192.0.2.%d 198.51.100.1 56324 110\r\n";
    var first = connected("proxied");
    first.getOutputStream().write(header.formatted(1).getBytes());
    try (var before = new Pop3Client(first)) {
      assertTrue(before.line().startsWith("+OK"));
      String why = "proxies is set: the bundle " + PROXY;
      take(PROXY, "proxied", why);
      Socket waits = waiting("proxied", header.formatted(2));
      assertEquals("+OK ", before.command("NOOP"));
      putBack(PROXY, "proxied", why);
      assertTrue(served(waits));
      assertTrue(before.command("QUIT").startsWith("+OK"));
    }
    for (int i = 1; i <= 2; i++) {
      assertEquals(1, jars.logged("198.51.100.1:110 :192.0.2." + i + "::56324"));
    }
  }
}
