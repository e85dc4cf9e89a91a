package org.sluice.filters.authres.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;

/** What is put on the message and what is taken away. */
class AuthResTest {
  private final List<String> edits = new ArrayList<>();
  private final MessageEdits recorder =
      (MessageEdits)
          java.lang.reflect.Proxy.newProxyInstance(
              MessageEdits.class.getClassLoader(),
              new Class<?>[] {MessageEdits.class},
              (self, method, arguments) -> {
                edits.add(method.getName() + " " + List.of(arguments));
                return self;
              });

  private static MailTransaction transaction(Map<String, String> environment) {
    var session = new Session("1", "smtp", environment, Optional.empty(), Instant.EPOCH);
    return new OpenChain().begin(session, new ReversePath("a@example.org")).transaction();
  }

  private Verdict filter(MailTransaction transaction, String text, String id) throws Exception {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    var control = new FakeControl(Path.of("."), Map.of("me", "mx.example\n"));
    return new AuthRes(control, id)
        .filter(transaction, new BytesMessage(octets, 0, octets.length), recorder);
  }

  @Test
  void takesForgedFieldsAwayFromTheLastOnThenAddsItsOwn() throws Exception {
    var transaction = transaction(Map.of());
    AuthResult.put(transaction, "spf", List.of(new AuthResult("spf", "fail", "", Map.of())));
    AuthResult.put(transaction, "dkim", List.of(new AuthResult("dkim", "none", "", Map.of())));
    filter(
        transaction,
        "authentication-results: mx.example; spf=pass\n"
            + "Authentication-Results: other.example; spf=pass\n"
            + "X: y\nAUTHENTICATION-RESULTS : (c) mx.example; dkim=pass\n\nbody\n",
        "");
    assertEquals(
        List.of(
            "removeHeader [Authentication-Results, 2]",
            "removeHeader [Authentication-Results, 0]",
            "addHeader [Authentication-Results, mx.example;\n\tdkim=none;\n\tspf=fail]"),
        edits);
  }

  @Test
  void whoIsTrustedGetsNoFieldButCannotForgeOneEither() throws Exception {
    filter(
        transaction(Map.of("RELAYCLIENT", "")),
        "Authentication-Results: own.example; spf=pass\n\n",
        "own.example");
    assertEquals(List.of("removeHeader [Authentication-Results, 0]"), edits);
  }

  @Test
  void whereNothingWasAskedItSaysSo() throws Exception {
    filter(transaction(Map.of()), "Subject: x\n\n", "");
    assertEquals(List.of("addHeader [Authentication-Results, mx.example; none]"), edits);
  }

  @Test
  void aHeaderThatCannotBeSeenToItsEndIsRefused() throws Exception {
    Verdict verdict = filter(transaction(Map.of()), "X: y\n".repeat(20_000) + "\n", "");
    assertTrue(verdict instanceof Verdict.Reject, verdict::toString);
    assertEquals(List.of(), edits);
  }

  @Test
  void whatOtherReadersMayTakeForTheHeaderIsLookedAtToo() throws Exception {
    String hidden = "Authentication-RESULTS : mx.example; dkim=pass\n\nbody\n";
    Verdict verdict = filter(transaction(Map.of()), "Subject: x\nno field\nX: y\n" + hidden, "");
    assertTrue(verdict instanceof Verdict.Reject, verdict::toString);
    assertTrue(filter(transaction(Map.of()), "no field\n" + hidden, "") instanceof Verdict.Reject);
    assertEquals(List.of(), edits);
    for (String good :
        List.of(
            "Subject: x\n\n" + hidden,
            "Subject: x\nno field\n\n" + hidden,
            "\n" + hidden,
            "no field\n",
            "Subject: x")) {
      assertEquals(Verdict.next(), filter(transaction(Map.of()), good, ""), good);
    }
  }
}
