package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Identity;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.base.Plaintext;

/** Extensions are replaced while sessions run; none is cut. */
class ReplaceTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String UNKNOWN = "-ERR authorization first";
  private static final String AWAY = "-ERR an extension is being replaced, try again";

  @TempDir Path home;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger lateUses = new AtomicInteger();
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home);
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private void times(Duration grace, Duration told, Duration wait) {
    accounts.extensions = new Extensions(() -> grace, told, wait);
  }

  /** An extension that has a name, and tells it. */
  private final class Named {
    private final AtomicBoolean gone = new AtomicBoolean();
    final Pop3Extension service;

    Named(String name) {
      service =
          Fake.verb(
              "x",
              (dialogue, command) -> {
                if (gone.get()) {
                  lateUses.incrementAndGet();
                }
                return new Pop3Answer.Ok(
                    command.argument().isEmpty() ? name : dialogue.ask(command.argument()));
              });
    }

    /** Comes, by its own name. */
    Named bind(String name) {
      accounts.extensions.bind(service, Map.of(Pop3Extension.NAME, name));
      return this;
    }

    /** Goes; the removal is done when the future is. */
    Future<?> unbind() {
      Future<?> removal =
          threads.submit(
              () -> {
                accounts.extensions.unbind(service);
                gone.set(true);
              });
      while (accounts.extensions.present().stream().anyMatch(e -> e.service() == service)) {
        Thread.onSpinWait();
      }
      return removal;
    }
  }

  /** A session over pipes. */
  private final class Live implements AutoCloseable {
    private final PipedOutputStream client = new PipedOutputStream();
    private final StreamConnection connection;
    final String greeting;

    Live() throws IOException {
      this(Accounts.LOCAL);
    }

    Live(Map<String, String> environment) throws IOException {
      connection = new StreamConnection(new PipedInputStream(client), environment);
      accounts.start(connection);
      greeting = connection.line();
    }

    String ask(String command) throws IOException {
      client.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      client.flush();
      return connection.line();
    }

    Live login() throws IOException {
      ask("USER joe");
      assertEquals("+OK ", ask("PASS secret"));
      return this;
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private static void done(Future<?> removal) throws Exception {
    removal.get(60, TimeUnit.SECONDS);
  }

  @Test
  void sessionsKeepTheExtensionTheyBeganWith() throws Exception {
    times(MINUTE, MINUTE, MINUTE);
    var old = new Named("old").bind("a");
    try (var session = new Live()) {
      assertEquals("+OK old", session.ask("X"));
      Future<?> removal = old.unbind();
      new Named("new").bind("a");
      try (var later = new Live()) {
        assertEquals("+OK new", later.ask("X"));
      }
      assertEquals("+OK old", session.ask("X"));
      session.login();
      assertEquals("+OK old", session.ask("X"));
      assertFalse(removal.isDone());
      assertEquals("+OK ", session.ask("QUIT"));
      done(removal);
    }
    assertEquals(0, lateUses.get());
  }

  @Test
  void whenTheTimeIsUpSessionsGoOnWithoutIt() throws Exception {
    times(Duration.ZERO, MINUTE, MINUTE);
    var old = new Named("old").bind("a");
    try (var before = new Live();
        var after = new Live().login();
        var asked = new Live()) {
      assertEquals("+OK old", before.ask("X"));
      assertEquals("+OK old", after.ask("X"));
      assertEquals("+ c", asked.ask("X c"));
      Future<?> removal = old.unbind();
      assertFalse(removal.isDone(), "it is still asking");
      assertEquals("+OK d", asked.ask("d"));
      done(removal);
      assertEquals(UNKNOWN, asked.ask("X"));
      assertEquals(UNKNOWN, before.ask("X"));
      assertEquals("+OK 0 0", before.login().ask("STAT"));
      assertEquals("-ERR unimplemented", after.ask("X"));
      assertEquals("+OK 0 0", after.ask("STAT"));
    }
    assertEquals(0, lateUses.get());
  }

  @Test
  void oneThatAsksForTooLongIsTakenAway() throws Exception {
    times(Duration.ZERO, Duration.ZERO, MINUTE);
    var old = new Named("old").bind("a");
    try (var session = new Live()) {
      assertEquals("+ c", session.ask("X c"));
      done(old.unbind());
      assertEquals("+OK d", session.ask("d")); // what it has begun it ends
      assertEquals(UNKNOWN, session.ask("X"));
    }
    assertEquals(0, lateUses.get());
  }

  @Test
  void anInterruptedRemovalHarmsNoSession() throws Exception {
    times(MINUTE, MINUTE, MINUTE);
    var old = new Named("old").bind("a");
    try (var session = new Live()) {
      assertEquals("+OK old", session.ask("X"));
      Thread.currentThread().interrupt();
      accounts.extensions.unbind(old.service);
      assertTrue(Thread.interrupted());
      assertEquals(UNKNOWN, session.ask("X"));
    }
  }

  private static Map<String, String> demanding(String names) {
    return Map.of("TCPREMOTEIP", "127.0.0.1", "POP3EXTENSIONS", names);
  }

  @Test
  void aSessionWaitsForWhatItsListenerDemands() throws Exception {
    times(Duration.ZERO, Duration.ZERO, MINUTE);
    new Named("other").bind("a");
    Future<String> answer =
        threads.submit(
            () -> {
              try (var session = new Live(demanding("b, a"))) {
                return session.ask("X");
              }
            });
    new Named("wanted").bind("b");
    assertEquals("+OK other", answer.get(60, TimeUnit.SECONDS));
  }

  @Test
  void nobodyIsServedWithoutIt() throws Exception {
    times(Duration.ZERO, Duration.ZERO, Duration.ofMillis(10));
    new Named("other").bind("a");
    try (var session = new Live(demanding("a,b"))) {
      assertEquals(AWAY, session.greeting);
      assertNull(session.connection.line());
    }
    accounts.extensions.bind(
        dialogue -> {
          throw new IllegalStateException("broken");
        },
        Map.of(Pop3Extension.NAME, "b"));
    try (var session = new Live(demanding("a,b"))) {
      assertEquals("-ERR an extension of this server failed, try again", session.greeting);
      assertNull(session.connection.line());
    }
    try (var session = new Live(demanding("a"))) {
      assertEquals("+OK other", session.ask("X"));
    }
    accounts.allow(false, Plaintext.ALWAYS);
    try (var session = new Live(demanding("a"))) {
      assertEquals("-ERR extensions are demanded, but switched off here", session.greeting);
    }
  }

  @Test
  void nobodyLogsInOnceItHasLeft() throws Exception {
    times(Duration.ZERO, Duration.ZERO, MINUTE);
    var wanted = new Named("wanted").bind("a");
    try (var before = new Live(demanding("a"));
        var after = new Live(demanding("a")).login();
        var other = new Live()) {
      assertEquals("+OK wanted", before.ask("X"));
      assertEquals("+OK wanted", after.ask("X"));
      assertEquals("+OK wanted", other.ask("X"));
      done(wanted.unbind());
      assertEquals(AWAY, before.ask("USER joe"));
      assertNull(before.connection.line());
      assertEquals("+OK 0 0", after.ask("STAT")); // whose login is over
      assertEquals("+OK ", other.ask("NOOP"));
    }
    assertEquals(0, lateUses.get());
  }

  @Test
  void alsoNotByALoginThatHadBegun() throws Exception {
    times(Duration.ZERO, Duration.ZERO, MINUTE);
    var wanted = new Named("wanted").bind("a");
    var joe = new Identity("joe", accounts.uid, 1, home.resolve("joe"), Map.of());
    accounts.join(
        Fake.verb(
            "login",
            (dialogue, command) -> {
              dialogue.ask("c");
              return new Pop3Answer.Accepted(joe);
            }));
    try (var session = new Live(demanding("a"))) {
      assertEquals("+ c", session.ask("LOGIN"));
      done(wanted.unbind());
      assertEquals(AWAY, session.ask("d"));
      assertNull(session.connection.line());
    }
  }

  @Test
  void noSessionIsHarmedWhileExtensionsAreSwapped() throws Exception {
    times(MINUTE, MINUTE, MINUTE);
    var over = new AtomicBoolean();
    var present = new Named("0").bind("a");
    List<Future<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(threads.submit(sessions(over)));
    }
    for (int i = 1; i <= 50; i++) {
      var next = new Named(Integer.toString(i)).bind("a");
      done(present.unbind());
      present = next;
    }
    over.set(true);
    for (var client : clients) {
      assertTrue(client.get(60, TimeUnit.SECONDS) > 0);
    }
    assertEquals(0, lateUses.get());
  }

  private Callable<Integer> sessions(AtomicBoolean over) {
    return () -> {
      int count = 0;
      while (!over.get() || count == 0) {
        try (var session = new Live(demanding("a"))) {
          String first = session.ask("X");
          assertTrue(first.startsWith("+OK "), first);
          assertEquals(first, session.login().ask("X"));
          assertEquals("+OK ", session.ask("QUIT"));
          count++;
        }
      }
      return count;
    };
  }
}
