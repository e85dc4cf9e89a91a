package org.sluice.sasl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslMechanism;
import org.sluice.api.auth.SaslStep;
import org.sluice.base.SaslConversation;

/** Mechanisms of plugins: offered, used, failing, going. */
class PluggedMechanismsTest {
  private static final SaslClient CLIENT = new SaslClient("mx.example", Optional.empty());
  private final LoginService logins = new LoginService(Duration.ZERO);

  /** Says hello to whoever answers with the name of the server, and refuses the others. */
  private static class Greeting implements SaslMechanism {
    @Override
    public SaslExchange begin(SaslClient client) {
      return response -> {
        if (response.isEmpty()) {
          return new SaslStep.Challenge("who am I?".getBytes(StandardCharsets.US_ASCII));
        }
        String said = new String(response.get(), StandardCharsets.US_ASCII);
        return said.equals(client.host())
            ? new SaslStep.Accepted(new Identity("joe", 1, 1, Path.of("/home/joe"), Map.of()))
            : new SaslStep.Refused(said);
      };
    }
  }

  private static Map<String, Object> named(String name, Object... more) {
    return more.length == 0
        ? Map.of(SaslMechanism.NAME, name)
        : Map.of(SaslMechanism.NAME, name, more[0].toString(), more[1]);
  }

  private SaslConversation.Outcome say(SaslExchange exchange, String base64) throws Exception {
    return SaslConversation.run(exchange, Optional.empty(), challenge -> base64);
  }

  @Test
  void isOfferedBeforeOthersAsItsPropertiesSay() {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}secret"), Map.of());
    List<String> own = logins.mechanisms(true, CLIENT);
    logins.addMechanism(new Greeting(), named("GREETING"));
    logins.addMechanism(new Greeting(), named("EXTERNAL", SaslMechanism.CLEAR, false));
    logins.addMechanism(new Greeting(), named("FIRST", "service.ranking", 1));
    logins.addMechanism(new Greeting(), named("no name"));
    logins.addMechanism(new Greeting(), Map.of());
    List<String> names = logins.mechanisms(true, CLIENT);
    assertEquals(List.of("FIRST", "GREETING", "EXTERNAL"), names.subList(0, 3));
    assertEquals(own, names.subList(3, names.size()));
    assertEquals(List.of("EXTERNAL", "CRAM-MD5"), logins.mechanisms(false, CLIENT));
  }

  @Test
  void isNotOfferedToWhomItDoesNotWant() {
    logins.addMechanism(
        new Greeting() {
          @Override
          public boolean offered(SaslClient client) {
            return client.tls().isPresent();
          }
        },
        named("EXTERNAL"));
    logins.addMechanism(
        new Greeting() {
          @Override
          public boolean offered(SaslClient client) {
            throw new IllegalStateException("not today");
          }
        },
        named("BROKEN"));
    assertEquals(List.of(), logins.mechanisms(true, CLIENT));
    assertEquals(Optional.empty(), logins.begin("EXTERNAL", CLIENT));
  }

  @Test
  void leadsAnExchange() throws Exception {
    logins.addMechanism(new Greeting(), named("GREETING"));
    var right = say(logins.begin("greeting", CLIENT).orElseThrow(), "bXguZXhhbXBsZQ==");
    assertInstanceOf(SaslConversation.Accepted.class, right);
    var wrong = say(logins.begin("GREETING", CLIENT).orElseThrow(), "YW5u");
    assertEquals(new SaslConversation.Refused("ann"), wrong);
  }

  @Test
  void takesThePlaceOfOneOfOurs() throws Exception {
    logins.add(new FakeAuthenticator("joe", "{PLAIN}secret"), Map.of());
    var mine = new Greeting();
    logins.addMechanism(mine, named("PLAIN"));
    assertEquals("PLAIN", logins.mechanisms(true, CLIENT).get(0));
    var exchange = logins.begin("PLAIN", CLIENT).orElseThrow();
    assertInstanceOf(SaslConversation.Refused.class, say(exchange, "AGpvZQBzZWNyZXQ="));
    logins.removeMechanism(mine);
    assertEquals(List.of("CRAM-MD5", "PLAIN", "LOGIN"), logins.mechanisms(true, CLIENT));
    exchange = logins.begin("PLAIN", CLIENT).orElseThrow();
    assertInstanceOf(SaslConversation.Accepted.class, say(exchange, "AGpvZQBzZWNyZXQ="));
  }

  @Test
  void whatItThrowsAndItsLeavingAreTemporary() throws Exception {
    SaslMechanism broken =
        client -> {
          throw new IllegalStateException("no more");
        };
    SaslMechanism nothing = client -> response -> null;
    logins.addMechanism(broken, named("BROKEN"));
    logins.addMechanism(nothing, named("NOTHING"));
    for (String name : List.of("BROKEN", "NOTHING")) {
      var outcome = say(logins.begin(name, CLIENT).orElseThrow(), "");
      assertInstanceOf(SaslConversation.Unavailable.class, outcome);
    }
    var leaving = new Greeting();
    logins.addMechanism(leaving, named("GREETING"));
    var exchange = logins.begin("GREETING", CLIENT).orElseThrow();
    assertInstanceOf(SaslStep.Challenge.class, exchange.respond(Optional.empty()));
    logins.removeMechanism(leaving);
    assertThrows(IOException.class, () -> exchange.respond(Optional.of(new byte[0])));
    assertEquals(Optional.empty(), logins.begin("GREETING", CLIENT));
  }
}
