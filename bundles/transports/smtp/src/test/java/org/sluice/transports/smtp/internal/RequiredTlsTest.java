package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.TestTls;

/** Mail with REQUIRETLS before servers that are good enough for it, and others. */
class RequiredTlsTest {
  private static final MessageOptions ASKED = MessageOptions.NONE.withRequireTls(true);
  private static final String OFFER = "250-sink\r\n250 STARTTLS";

  @TempDir static Path keys;
  private static TestTls tls;

  @TempDir Path home;
  private final FakeDns dns = new FakeDns();
  private SinkServer sink;
  private SmtpClient client;
  private String patience = "9";

  @BeforeAll
  static void key() throws Exception {
    tls = new TestTls(keys, "mx.r.x", "other.r.x");
  }

  @BeforeEach
  void start() throws Exception {
    sink = secure(new SinkServer(-1));
    for (String name : List.of("mx.r.x", "other.r.x", "wrong.r.x")) {
      dns.a(name, "127.0.0.1");
    }
    trust(tls.certificate().toString());
  }

  private static SinkServer secure(SinkServer sink) {
    sink.hello = OFFER;
    sink.tls = tls;
    return sink;
  }

  /** Another client, which trusts those in the file. */
  private void trust(String authorities) throws Exception {
    if (client != null) {
      client.close();
    }
    String routes =
        "r.x:mx.r.x:%1$d\no.x:other.r.x:%1$d\nw.x:wrong.r.x:%1$d\n".formatted(sink.port());
    var files = Map.of("me", "me.x", "smtproutes", routes, "timeoutremote", patience);
    client =
        new SmtpClient(
            new FakeControl(home, files),
            new TlsClient(home, authorities, false),
            dns,
            FakeDns::own,
            true);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    sink.close();
  }

  private DeliveryResult send(String from, String to, MessageOptions options) throws Exception {
    byte[] octets = "Subject: x\n\nsecret\n".getBytes(StandardCharsets.ISO_8859_1);
    return new SmtpTransport(client, Optional.empty())
        .deliver(
            new Attempt(
                new QueueId(1),
                new ReversePath(from),
                to,
                new BytesMessage(octets, 0, octets.length),
                null,
                options,
                RecipientOptions.NONE));
  }

  private void delivered(String from, String to, MessageOptions options) throws Exception {
    assertInstanceOf(DeliveryResult.Delivered.class, send(from, to, options));
  }

  /** The report of the failure. */
  private String refused(String to) throws Exception {
    String why = assertInstanceOf(DeliveryResult.PermFail.class, send("s@s.x", to, ASKED)).why();
    assertFalse(sink.commands.stream().anyMatch(c -> c.startsWith("MAIL")), why);
    return why;
  }

  private List<String> mails() {
    return sink.commands.stream().filter(c -> c.startsWith("MAIL")).toList();
  }

  @Test
  void theRightServerIsGivenItWithinTls() throws Exception {
    delivered("s@s.x", "r@r.x", ASKED);
    assertEquals(
        List.of(
            "EHLO me.x",
            "STARTTLS",
            "EHLO me.x",
            "MAIL FROM:<s@s.x> REQUIRETLS",
            "RCPT TO:<r@r.x>",
            "DATA"),
        sink.commands);
    assertEquals(1, sink.messages.get());
  }

  @Test
  void connectionsAreKeptForMailThatDemandsTheSameProof() throws Exception {
    for (int i = 0; i < 2; i++) {
      delivered("s@s.x", "r@r.x", ASKED);
      delivered("p@s.x", "r@r.x", MessageOptions.NONE);
      delivered("u@s.x", "r@r.x", MessageOptions.NONE.withSmtpUtf8(true));
      delivered("s@s.x", "o@o.x", ASKED);
    }
    assertEquals(4, sink.connections.get());
    assertEquals(2, sink.commands.stream().filter(c -> c.equals("STARTTLS")).count());
    assertEquals(4, mails().stream().filter(c -> c.endsWith("> REQUIRETLS")).count());
    assertEquals(2, mails().stream().filter(c -> c.equals("MAIL FROM:<p@s.x>")).count());
    assertInstanceOf(DeliveryResult.PermFail.class, send("s@s.x", "w@w.x", ASKED));
  }

  @ParameterizedTest
  @CsvSource({
    "250 sink, 220 go, 5.7.10",
    "502 what?, 220 go, 5.7.10",
    "250-sink 250 STARTTLS, 502 5.5.1 no, 5.7.10",
    // What might be taken for an answer within TLS.
    "250-sink 250 STARTTLS, 220 go 250-sink 250 REQUIRETLS, 5.7.10",
  })
  void serversWithoutTls(String hello, String startTls, String status) throws Exception {
    sink.hello = hello.replace(" 250 ", "\r\n250 ");
    sink.startTls = startTls.replace(" 250", "\r\n250");
    String why = refused("r@r.x");
    assertTrue(why.endsWith(", and REQUIRETLS was asked. (#" + status + ")\n"), why);
    assertTrue(sink.commands.stream().noneMatch(c -> c.startsWith("HELO")), why);
  }

  @Test
  void aServerThatSpeaksNoTlsAfterAll() throws Exception {
    sink.tls =
        socket -> {
          assertTrue(socket.getInputStream().read() >= 0, "no handshake began");
          socket.getOutputStream().write("554 no\r\n".getBytes(StandardCharsets.US_ASCII));
          socket.getInputStream().readAllBytes();
          throw new IOException("no TLS after all");
        };
    String why = refused("r@r.x");
    assertTrue(why.startsWith("Connected to 127.0.0.1 but TLS with mx.r.x failed: "), why);
    assertTrue(why.endsWith("(#5.7.10)\n"), why);
  }

  @Test
  void anInterruptEndsTheHandshake() throws Exception {
    patience = "600";
    trust(tls.certificate().toString());
    var begun = new CountDownLatch(1);
    sink.tls =
        socket -> {
          assertTrue(socket.getInputStream().read() >= 0, "no handshake began");
          begun.countDown();
          socket.getInputStream().readAllBytes();
          throw new IOException("no TLS after all");
        };
    var result = new FutureTask<>(() -> send("s@s.x", "r@r.x", ASKED));
    var thread = new Thread(result);
    thread.start();
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    thread.interrupt();
    assertInstanceOf(DeliveryResult.TempFail.class, result.get(60, TimeUnit.SECONDS));
  }

  @Test
  void aNameThatIsNotInTheCertificate() throws Exception {
    String why = refused("w@w.x");
    assertTrue(why.startsWith("Connected to 127.0.0.1 but TLS with wrong.r.x failed: "), why);
    assertTrue(why.endsWith("(#5.7.10)\n"), why);
  }

  @Test
  void aCertificateOfNobodyKnown() throws Exception {
    trust("");
    String why = refused("r@r.x");
    assertTrue(why.contains("PKIX path building failed"), why);
    assertTrue(why.endsWith("(#5.7.10)\n"), why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"250-sink\r\n250 STARTTLS", "250 REQUIRETLS", "502 what?"})
  void aServerThatDoesNotPromiseTheSame(String hello) throws Exception {
    sink.hello = "250-sink\r\n250-REQUIRETLS\r\n250 STARTTLS";
    sink.secureHello = hello;
    String why = refused("r@r.x");
    assertTrue(why.endsWith("(#5.7.30)\n"), why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"454 4.7.0 not now", "220 go"})
  void whatMayPassIsTemporary(String startTls) throws Exception {
    sink.startTls = startTls;
    sink.secureHello = "421 later";
    assertInstanceOf(DeliveryResult.TempFail.class, send("s@s.x", "r@r.x", ASKED));
    assertEquals(List.of(), mails());
  }

  @Test
  void withoutAuthoritiesItWaits() throws Exception {
    Path none = Files.writeString(home.resolve("none.pem"), "");
    trust("none.pem");
    var waits = new DeliveryResult.TempFail("Unable to read the authorities for TLS. (#4.3.0)\n");
    assertEquals(waits, send("s@s.x", "r@r.x", ASKED));
    // The file is read again when it is another one.
    Files.copy(tls.certificate(), none, StandardCopyOption.REPLACE_EXISTING);
    delivered("s@s.x", "r@r.x", ASKED);
    Files.delete(none);
    assertEquals(waits, send("s@s.x", "o@o.x", ASKED));
  }

  @Test
  void everyServerIsTried() throws Exception {
    dns.a("mx.r.x", "127.0.0.1 127.0.0.2");
    sink.secureHello = "250 sink";
    // One that may be there later is worth waiting for.
    assertEquals(
        new DeliveryResult.TempFail(
            "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"),
        send("s@s.x", "r@r.x", ASKED));
    try (var second = secure(new SinkServer(-1, "127.0.0.2", sink.port()))) {
      delivered("s@s.x", "r@r.x", ASKED);
      assertEquals(1, second.messages.get());
      second.startTls = "502 no";
      second.hello = "250 other";
      // Of several reasons that of the best server is told.
      client.close();
      trust(tls.certificate().toString());
      assertTrue(refused("r@r.x").endsWith("(#5.7.30)\n"));
    }
    assertEquals(0, sink.messages.get());
  }

  @Test
  void reportsGoToAnyServerThatHasTls() throws Exception {
    trust("");
    delivered("", "w@w.x", ASKED);
    sink.secureHello = "250 sink";
    delivered("", "w@w.x", ASKED);
    delivered("#@[]", "w@w.x", ASKED);
    assertEquals(List.of("MAIL FROM:<> REQUIRETLS", "MAIL FROM:<>", "MAIL FROM:<#@[]>"), mails());
    assertEquals(3, sink.connections.get());
    sink.hello = "250 sink";
    assertInstanceOf(DeliveryResult.PermFail.class, send("", "w@w.x", ASKED));
    assertEquals(3, mails().size());
  }

  @Test
  void namesFromTheDnsAreBelievedOnlyIfSaidSo() throws Exception {
    Route domain = new Route("r.x", 25, false);
    var strict = new TlsClient(home, "", false);
    assertFalse(strict.relies(domain, "mx.r.x"));
    assertFalse(strict.relies(domain, "127.0.0.1"));
    assertTrue(strict.relies(domain, "R.x"));
    assertTrue(strict.relies(new Route("[127.0.0.1]", 25, false), "127.0.0.1"));
    assertTrue(strict.relies(new Route("mx.r.x", 25, true), "mx.r.x"));
    assertTrue(new TlsClient(home, "", true).relies(domain, "mx.r.x"));
    dns.mx("n.x", 5, "far.r.x").a("far.r.x", "127.0.0.9");
    String why = refused("n@n.x");
    assertEquals(
        "REQUIRETLS was asked, but nothing proves that far.r.x is the mail exchanger of that domain."
            + " (#5.7.10)\n",
        why);
  }
}
