package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.base.Extension;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** Extensions are replaced while sessions run. */
@Timeout(120)
class ReplaceTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Answers X with its name; a call after it has gone is noted. */
  private static final class Named implements SmtpExtension {
    private final String name;
    private final AtomicReference<String> lateUse;
    private final AtomicBoolean gone = new AtomicBoolean();

    Named(String name, AtomicReference<String> lateUse) {
      this.name = name;
      this.lateUse = lateUse;
    }

    @Override
    public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
      used();
      return Optional.of(
          new SmtpHooks() {
            @Override
            public SmtpAnswer command(SmtpCommand command) {
              used();
              return command.verb().equals("x")
                  ? SmtpAnswer.say(250, "2.0.0", name)
                  : SmtpAnswer.pass();
            }

            @Override
            public void reset() {
              used();
            }
          });
    }

    private void used() {
      if (gone.get()) {
        lateUse.set(name);
      }
    }
  }

  /** A session over pipes. */
  private final class Live implements AutoCloseable {
    private final PipedOutputStream client = new PipedOutputStream();
    private final BufferedReader replies;

    Live(Extensions extensions) throws IOException {
      this(extensions, Map.of());
    }

    Live(Extensions extensions, Map<String, String> environment) throws IOException {
      this(extensions, environment, "");
    }

    Live(Extensions extensions, Map<String, String> environment, String insideTls)
        throws IOException {
      var door = new Dialogue("", environment, 1 << 16, false);
      door.insideTls = Optional.of(insideTls);
      var out = new PipedOutputStream();
      replies =
          new BufferedReader(
              new InputStreamReader(new PipedInputStream(out), StandardCharsets.ISO_8859_1));
      door.live(new PipedInputStream(client), out);
      var control = new FakeControl(Path.of("/"), Map.of("me", "m\n"));
      threads.submit(
          () -> {
            try (out) {
              return door.run(control, new RecordingQueue(), new OpenChain(), extensions);
            }
          });
      assertEquals("220 m ESMTP", replies.readLine());
    }

    String ask(String command) throws IOException {
      client.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      client.flush();
      return replies.readLine();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  @Test
  void sessionsKeepTheExtensionTheyBeganWith() throws Exception {
    var extensions = new Extensions(() -> Duration.ofSeconds(60), Duration.ofSeconds(60));
    var lateUse = new AtomicReference<String>();
    var old = new Named("old", lateUse);
    extensions.bind(old, Map.of("service.id", 1L));
    try (var session = new Live(extensions)) {
      assertEquals("250 2.0.0 old", session.ask("X"));
      Future<?> removal = threads.submit(() -> extensions.unbind(old));
      while (!extensions.present().isEmpty()) {
        Thread.onSpinWait();
      }
      extensions.bind(new Named("new", lateUse), Map.of("service.id", 2L));
      try (var later = new Live(extensions)) {
        assertEquals("250 2.0.0 new", later.ask("X"));
      }
      assertEquals("250 2.0.0 old", session.ask("X"));
      assertFalse(removal.isDone());
      assertEquals("221 m", session.ask("QUIT"));
      removal.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void anIdleSessionIsToldToGoWhenTheTimeIsUp() throws Exception {
    var extensions = new Extensions(() -> Duration.ZERO, Duration.ofSeconds(60));
    var lateUse = new AtomicReference<String>();
    var old = new Named("old", lateUse);
    extensions.bind(old, Map.of("service.id", 1L));
    try (var idle = new Live(extensions);
        var busy = new Live(extensions)) {
      assertEquals("250 2.0.0 old", idle.ask("X"));
      assertEquals("250 ok", busy.ask("MAIL FROM:<a>"));
      Future<?> removal = threads.submit(() -> extensions.unbind(old));
      while (!extensions.present().isEmpty()) {
        Thread.onSpinWait();
      }
      // The transaction goes on to its end, with the extension.
      assertEquals("250 ok", busy.ask("RCPT TO:<b>"));
      assertEquals("250 2.0.0 old", busy.ask("X"));
      assertEquals("354 go ahead", busy.ask("DATA"));
      assertTrue(busy.ask("hi\r\n.").startsWith("250 ok "));
      removal.get(30, TimeUnit.SECONDS);
      old.gone.set(true);
      assertEquals("421 m closing, try again (#4.3.2)", busy.ask("X"));
      assertEquals("421 m closing, try again (#4.3.2)", idle.ask("X"));
      assertEquals(null, lateUse.get());
    }
  }

  /** Else what one has promised would be kept by nobody: BDAT's octets would be commands. */
  @Test
  void aTransactionDoesNotGoOnWithoutAnExtensionThatItBeganWith() throws Exception {
    var extensions = new Extensions(() -> Duration.ZERO, Duration.ZERO);
    var lateUse = new AtomicReference<String>();
    var old = new Named("old", lateUse);
    extensions.bind(old, Map.of("service.id", 1L));
    try (var session = new Live(extensions);
        var inBody = new Live(extensions)) {
      assertEquals("250 ok", session.ask("MAIL FROM:<a>"));
      assertEquals("250 ok", inBody.ask("MAIL FROM:<a>"));
      assertEquals("250 ok", inBody.ask("RCPT TO:<b>"));
      assertEquals("354 go ahead", inBody.ask("DATA"));
      extensions.unbind(old);
      old.gone.set(true);
      assertEquals("421 m closing, try again (#4.3.2)", session.ask("RCPT TO:<b>"));
      assertTrue(inBody.ask("hi\r\n.").startsWith("250 ok "));
      assertEquals("421 m closing, try again (#4.3.2)", inBody.ask("NOOP"));
      assertEquals(null, lateUse.get());
    }
  }

  @Test
  void noSessionGoesOnWithoutWhatAnInterruptedRemovalTookAway() throws Exception {
    var extensions = new Extensions(() -> Duration.ofSeconds(60), Duration.ofSeconds(60));
    var old = new Named("old", new AtomicReference<>());
    extensions.bind(old, Map.of("service.id", 1L));
    try (var idle = new Live(extensions)) {
      assertEquals("250 2.0.0 old", idle.ask("X"));
      Thread.currentThread().interrupt();
      extensions.unbind(old);
      assertTrue(Thread.interrupted());
      assertEquals("421 m closing, try again (#4.3.2)", idle.ask("X"));
    }
  }

  @Test
  void aSessionWaitsForWhatItsListenerRequires() throws Exception {
    var extensions = new Extensions(() -> Duration.ZERO, Duration.ZERO);
    var lateUse = new AtomicReference<String>();
    extensions.bind(new Named("other", lateUse), Map.of(SmtpExtension.NAME, "a"));
    assertTrue(extensions.await(Set.of(), Duration.ZERO).isPresent());
    assertTrue(extensions.await(Set.of("a"), Duration.ZERO).isPresent());
    assertFalse(extensions.await(Set.of("a", "b"), Duration.ofMillis(10)).isPresent());
    Future<String> greeting =
        threads.submit(
            () -> {
              try (var session = new Live(extensions, Map.of("SMTPEXTENSIONS", "a, b"))) {
                return session.ask("X");
              }
            });
    extensions.bind(new Named("b", lateUse), Map.of(SmtpExtension.NAME, "b", "service.ranking", 1));
    assertEquals("250 2.0.0 b", greeting.get(60, TimeUnit.SECONDS));
  }

  @Test
  void afterTlsNobodyIsServedWithoutWhatIsRequiredEither() throws Exception {
    var extensions =
        new Extensions(() -> Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(10));
    var lateUse = new AtomicReference<String>();
    var required = new Named("required", lateUse);
    extensions.bind(required, Map.of(SmtpExtension.NAME, "a", "service.id", 1L));
    extensions.bind(dialogue -> Optional.of(new StartsTls()), Map.of(SmtpExtension.NAME, "tls"));
    try (var session = new Live(extensions, Map.of("SMTPEXTENSIONS", "a"), "X\r\n")) {
      assertEquals("250 2.0.0 required", session.ask("X"));
      Future<?> removal = threads.submit(() -> extensions.unbind(required));
      while (extensions.present().size() > 1) {
        Thread.onSpinWait();
      }
      assertEquals("220 2.0.0 go ahead", session.ask("STARTTLS"));
      assertEquals("<TLS>", session.replies.readLine());
      assertEquals(
          "421 an extension is being replaced, try again (#4.3.2)", session.replies.readLine());
      removal.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void nobodyIsServedWithoutARequiredOneThatCannotJoin() throws Exception {
    var extensions = new Extensions(() -> Duration.ZERO, Duration.ZERO);
    var other = new Named("other", new AtomicReference<>());
    extensions.bind(other, Map.of("service.id", 1L));
    extensions.bind(
        dialogue -> {
          throw new IllegalStateException("broken");
        },
        Map.of(SmtpExtension.NAME, "a", "service.id", 2L));
    assertEquals(
        "421 an extension of this server failed, try again (#4.3.0)\r\n",
        said(extensions, Map.of("SMTPEXTENSIONS", "a")));
    assertEquals("220 m ESMTP\r\n250 2.0.0 other\r\n", said(extensions, Map.of()));
    extensions.unbind(other);
    assertEquals(List.of(), extensions.present().get(0).sessions());
  }

  private static String said(Extensions extensions, Map<String, String> environment)
      throws Exception {
    var door = new Dialogue("X\r\n", environment, 1 << 16, false);
    var control = new FakeControl(Path.of("/"), Map.of("me", "m\n"));
    door.run(control, new RecordingQueue(), new OpenChain(), extensions);
    return door.said();
  }

  /** Takes STARTTLS. */
  private static final class StartsTls implements SmtpHooks {
    @Override
    public SmtpAnswer command(SmtpCommand command) {
      return command.verb().equals("starttls")
          ? new SmtpAnswer.StartTls(Reply.of(220, "2.0.0", "go ahead"), null)
          : SmtpAnswer.pass();
    }
  }

  @Test
  void aSessionWithAnOldListHasTheFollower() throws Exception {
    var lateUse = new AtomicReference<String>();
    var gone = new Extension<SmtpExtension>(1, 0, "x", new Named("gone", lateUse));
    var next = new Extension<SmtpExtension>(2, 0, "x", new Named("next", lateUse));
    var lists = List.of(List.of(gone), List.of(next)).iterator();
    gone.remove();
    var services =
        new Services(
            new ListenerServices(
                InstantSource.system(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new Extensions(() -> Duration.ZERO, Duration.ZERO));
    var talk = new Conversation(new Dialogue("", Map.of(), 1, false), true, services);
    try (var hooks = Hooks.join(lists::next, Set.of(), talk)) {
      assertEquals(
          SmtpAnswer.say(250, "2.0.0", "next"), hooks.command(new SmtpCommand("x", "", false)));
    }
    assertEquals(List.of(), next.sessions());
  }

  @Test
  void noSessionIsHarmedWhileExtensionsAreSwapped() throws Exception {
    var extensions = new Extensions(() -> Duration.ofSeconds(60), Duration.ofSeconds(60));
    var lateUse = new AtomicReference<String>();
    var over = new AtomicBoolean();
    var present = new Named("0", lateUse);
    extensions.bind(present, Map.of("service.id", 0L));
    List<Future<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(threads.submit(sessions(extensions, over)));
    }
    for (int i = 1; i <= 50; i++) {
      var next = new Named(Integer.toString(i), lateUse);
      extensions.bind(next, Map.of("service.id", (long) i));
      extensions.unbind(present);
      present.gone.set(true);
      present = next;
    }
    over.set(true);
    for (var client : clients) {
      assertTrue(client.get(60, TimeUnit.SECONDS) > 0);
    }
    assertEquals(null, lateUse.get());
  }

  private Callable<Integer> sessions(Extensions extensions, AtomicBoolean over) {
    return () -> {
      int count = 0;
      while (!over.get() || count == 0) {
        try (var session = new Live(extensions)) {
          String first = session.ask("X");
          assertTrue(first.startsWith("250 2.0.0 "), first);
          assertEquals("250 ok", session.ask("MAIL FROM:<a>"));
          assertEquals(first, session.ask("X"));
          assertEquals("221 m", session.ask("QUIT"));
          count++;
        }
      }
      return count;
    };
  }
}
