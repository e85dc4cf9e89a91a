package org.sluice.sasl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;
import org.sluice.api.auth.ScramKeys;
import org.sluice.base.SaslConversation;

/** Authenticators that come, differ, fail and go; the mechanisms that need no mathematics. */
class LoginServiceTest {
  private final LoginService logins = new LoginService(Duration.ZERO);

  private static SaslClient client(String host) {
    return new SaslClient(host, Optional.empty());
  }

  private static Credentials password(String name, String password) {
    return new Credentials.Password(name, password);
  }

  private static SaslStep say(SaslExchange exchange, String text) throws Exception {
    return exchange.respond(Optional.of(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void offersWhatSomebodyCanCheck() {
    assertEquals(List.of(), logins.mechanisms(true, client("h")));
    var hashed = new FakeAuthenticator("joe", "$6$saltsalt$x");
    var clear = new FakeAuthenticator("ann", "{PLAIN}x");
    logins.add(hashed, Map.of());
    assertEquals(List.of("PLAIN", "LOGIN"), logins.mechanisms(true, client("h")));
    assertEquals(List.of(), logins.mechanisms(false, client("h")));
    assertFalse(logins.apop());
    assertTrue(logins.begin("CRAM-MD5", client("h")).isEmpty());
    logins.add(clear, Map.of());
    assertEquals(List.of("PLAIN", "LOGIN"), logins.mechanisms(true, client("h")));
    assertTrue(logins.apop());
    logins.remove(hashed);
    assertEquals(List.of("CRAM-MD5", "PLAIN", "LOGIN"), logins.mechanisms(true, client("h")));
    assertEquals(List.of("CRAM-MD5"), logins.mechanisms(false, client("h")));
    logins.add(new FakeAuthenticator("eve", "!"), Map.of());
    assertEquals(List.of("CRAM-MD5"), logins.mechanisms(false, client("h")));
    logins.remove(clear);
    assertFalse(logins.apop());
    assertTrue(logins.begin("nonsense", client("h")).isEmpty());
    assertTrue(logins.begin("APOP", client("h")).isEmpty());
  }

  @Test
  void theHigherRankingIsAskedFirst() throws Exception {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}low"), Map.of("service.ranking", 1));
    logins.add(new FakeAuthenticator("joe", "{PLAIN}high"), Map.of("service.ranking", 2));
    assertTrue(logins.authenticate(password("joe", "high")).isPresent());
    assertTrue(logins.authenticate(password("joe", "low")).isPresent());
    assertTrue(logins.authenticate(password("joe", "none")).isEmpty());
  }

  /** One that cannot tell. */
  private record Broken() implements Authenticator {
    @Override
    public Set<String> mechanisms() {
      return Set.of("PLAIN");
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) throws IOException {
      throw new IOException("disk");
    }
  }

  @Test
  void oneThatCannotTellMakesARefusalTemporary() throws Exception {
    logins.add(new Broken(), Map.of("service.ranking", 9));
    logins.add(new FakeAuthenticator("joe", "{PLAIN}x"), Map.of());
    assertTrue(logins.authenticate(password("joe", "x")).isPresent());
    assertThrows(IOException.class, () -> logins.authenticate(password("joe", "y")));
  }

  /** One that has a bug in each method. */
  private record Faulty(Supplier<? extends Throwable> fault) implements Authenticator {
    private <T> T fail() {
      return LoginServiceTest.<T, RuntimeException>sneak(fault.get());
    }

    @Override
    public Set<String> mechanisms() {
      return fail();
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
      return fail();
    }

    @Override
    public Optional<ScramKeys> scram(String name, String hash) {
      return fail();
    }

    @Override
    public Optional<Identity> identity(String name) {
      return fail();
    }
  }

  /** Throws what is given; if nothing is, it is null that the caller gets. */
  @SuppressWarnings("unchecked")
  private static <T, E extends Throwable> T sneak(Throwable fault) throws E {
    if (fault != null) {
      throw (E) fault;
    }
    return null;
  }

  private static final List<Supplier<? extends Throwable>> FAULTS =
      List.of(() -> new IllegalStateException("bug"), () -> new LinkageError("bug"), () -> null);

  @Test
  void faultsOfAnAuthenticatorAreTemporary() throws Exception {
    for (Supplier<? extends Throwable> fault : FAULTS) {
      var service = new LoginService(Duration.ZERO);
      service.add(new Faulty(fault), Map.of("service.ranking", 9));
      service.add(new FakeAuthenticator("joe", "{PLAIN}x"), Map.of());
      assertEquals(List.of("PLAIN", "LOGIN"), service.mechanisms(true, client("h")));
      assertTrue(service.authenticate(password("joe", "x")).isPresent());
      var e = assertThrows(IOException.class, () -> service.authenticate(password("joe", "y")));
      assertEquals(Faulty.class.getName() + " of no bundle has failed", e.getMessage());
      var plain = service.begin("PLAIN", client("h")).orElseThrow();
      assertThrows(IOException.class, () -> say(plain, "\0joe\0y"));
    }
  }

  @Test
  void scramKeysThatAreNoneAreTemporary() throws Exception {
    var keys = new ScramKeys("SHA-256", new byte[8], 4096, new byte[0], new byte[0]);
    var guarded =
        new GuardedAuthenticator(
            new Authenticator() {
              @Override
              public Set<String> mechanisms() {
                return Set.of("SCRAM-SHA-256");
              }

              @Override
              public Optional<Identity> authenticate(Credentials credentials) {
                return Optional.empty();
              }

              @Override
              public Optional<ScramKeys> scram(String name, String hash) {
                return Optional.of(keys);
              }
            });
    logins.add(guarded, Map.of());
    var exchange = logins.begin("SCRAM-SHA-256", client("h")).orElseThrow();
    assertThrows(IOException.class, () -> say(exchange, "n,,n=joe,r=abc"));
    for (Supplier<? extends Throwable> fault : FAULTS) {
      var faulty = new GuardedAuthenticator(new Faulty(fault));
      assertThrows(IOException.class, () -> faulty.scram("joe", "SHA-1"));
      assertThrows(IOException.class, () -> faulty.identity("joe"));
    }
  }

  @Test
  void oversizedSecretsAreNotHashed() throws Exception {
    logins.add(new Broken(), Map.of());
    assertTrue(logins.authenticate(password("joe", "x".repeat(513))).isEmpty());
  }

  @Test
  void plain() throws Exception {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}secret"), Map.of());
    var exchange = logins.begin("plain", client("h")).orElseThrow();
    var empty = exchange.respond(Optional.empty());
    assertEquals(0, assertInstanceOf(SaslStep.Challenge.class, empty).data().length);
    assertInstanceOf(SaslStep.Accepted.class, say(exchange, "\0joe\0secret"));
    assertInstanceOf(SaslStep.Accepted.class, say(exchange, "joe\0joe\0secret"));
    assertInstanceOf(SaslStep.Refused.class, say(exchange, "ann\0joe\0secret"));
    assertEquals(new SaslStep.Refused("joe"), say(exchange, "\0joe\0secret2"));
    for (String bad : List.of("", "joe", "\0joe", "\0\0secret", "\0joe\0", "\0joe\0a\0b")) {
      assertInstanceOf(SaslStep.Malformed.class, say(exchange, bad), bad);
    }
  }

  @Test
  void login() throws Exception {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}secret"), Map.of());
    var asked = logins.begin("LOGIN", client("h")).orElseThrow();
    var user = assertInstanceOf(SaslStep.Challenge.class, asked.respond(Optional.empty()));
    assertEquals("Username:", new String(user.data(), StandardCharsets.US_ASCII));
    var pass = assertInstanceOf(SaslStep.Challenge.class, say(asked, "joe"));
    assertEquals("Password:", new String(pass.data(), StandardCharsets.US_ASCII));
    assertInstanceOf(SaslStep.Accepted.class, say(asked, "secret"));
    var initial = logins.begin("LOGIN", client("h")).orElseThrow();
    assertInstanceOf(SaslStep.Challenge.class, say(initial, "joe"));
    assertEquals(new SaslStep.Refused("joe"), say(initial, "wrong"));
    assertInstanceOf(
        SaslStep.Malformed.class, say(logins.begin("LOGIN", client("h")).orElseThrow(), ""));
  }

  @Test
  void cramMd5() throws Exception {
    logins.add(new FakeAuthenticator("joe smith", "{PLAIN}secret"), Map.of());
    var exchange = logins.begin("CRAM-MD5", client("pop.example")).orElseThrow();
    byte[] challenge =
        assertInstanceOf(SaslStep.Challenge.class, exchange.respond(Optional.empty())).data();
    String text = new String(challenge, StandardCharsets.US_ASCII);
    assertTrue(text.matches("<[^ @>]{24}@pop\\.example>"), text);
    byte[] key = "secret".getBytes(StandardCharsets.US_ASCII);
    String digest =
        java.util.HexFormat.of().formatHex(org.sluice.sasl.Scram.hmac("MD5", key, challenge));
    assertInstanceOf(SaslStep.Accepted.class, say(exchange, "joe smith " + digest));
    assertEquals(new SaslStep.Refused("joe"), say(exchange, "joe " + digest));
    assertInstanceOf(SaslStep.Malformed.class, say(exchange, digest));
    var early = logins.begin("CRAM-MD5", client("pop.example")).orElseThrow();
    assertInstanceOf(SaslStep.Malformed.class, say(early, "joe x"));
  }

  private SaslConversation.Outcome converse(String initial, String... answers) throws Exception {
    var lines = List.of(answers).iterator();
    return SaslConversation.run(
        logins.begin("PLAIN", client("h")).orElseThrow(),
        Optional.ofNullable(initial),
        challenge -> lines.next());
  }

  @Test
  void theConversationInBase64() throws Exception {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}secret"), Map.of());
    String good = "AGpvZQBzZWNyZXQ="; // \0joe\0secret
    assertInstanceOf(SaslConversation.Accepted.class, converse(good));
    assertInstanceOf(SaslConversation.Accepted.class, converse(null, good));
    assertEquals(new SaslConversation.Refused("joe"), converse("AGpvZQBzZWNyZXR4"));
    assertInstanceOf(SaslConversation.Cancelled.class, converse(null, "*"));
    assertInstanceOf(SaslConversation.Malformed.class, converse("*"));
    assertInstanceOf(SaslConversation.Malformed.class, converse("="));
    assertInstanceOf(SaslConversation.Malformed.class, converse(null, ""));
    assertInstanceOf(SaslConversation.Malformed.class, converse("AGpv ZQBzZWNyZXQ="));
    logins.add(new Broken(), Map.of("service.ranking", 1));
    assertInstanceOf(SaslConversation.Unavailable.class, converse("AGpvZQBzZWNyZXR4"));
  }

  @Test
  void oneThatLeavesIsWaitedFor() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var finished = new AtomicBoolean();
    Authenticator slow =
        new Authenticator() {
          @Override
          public Set<String> mechanisms() {
            return Set.of();
          }

          @Override
          public Optional<Identity> authenticate(Credentials credentials)
              throws InterruptedException {
            inside.countDown();
            go.await(60, TimeUnit.SECONDS);
            finished.set(true);
            return Optional.empty();
          }
        };
    logins.add(slow, Map.of());
    var caller =
        new Thread(
            () -> {
              try {
                logins.authenticate(password("joe", "x"));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    caller.start();
    assertTrue(inside.await(60, TimeUnit.SECONDS));
    var seen = new AtomicBoolean();
    var remover =
        new Thread(
            () -> {
              logins.remove(slow);
              seen.set(finished.get());
            });
    remover.start();
    awaitWaiting(remover);
    assertFalse(seen.get());
    go.countDown();
    remover.join(60_000);
    caller.join(60_000);
    assertTrue(seen.get(), "remove returned while the call was inside");
    assertThrows(IOException.class, () -> logins.authenticate(password("joe", "x")));
  }

  @Test
  void oneThatIsJustBeingStartedIsWaitedFor() throws Exception {
    var starting = new LoginService(Duration.ofSeconds(120));
    var answers = new CompletableFuture<Optional<Identity>>();
    var caller =
        new Thread(
            () -> {
              try {
                answers.complete(starting.authenticate(password("joe", "x")));
              } catch (IOException | InterruptedException e) {
                answers.completeExceptionally(e);
              }
            });
    caller.start();
    awaitWaiting(caller);
    starting.add(new FakeAuthenticator("joe", "{PLAIN}x"), Map.of());
    assertTrue(answers.get(60, TimeUnit.SECONDS).isPresent());
  }

  private static void awaitWaiting(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(Thread.State.TIMED_WAITING, thread.getState());
  }
}
