package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.ScriptedServer;

/** The transport door: results, reuse of connections, and servers that misbehave. */
class SmtpTransportTest {
  @TempDir Path home;

  private SmtpClient client(int port, String seconds) {
    var files = Map.of("me", "me.x", "smtproutes", ":127.0.0.1:" + port, "timeoutremote", seconds);
    return new SmtpClient(new FakeControl(home, files), new FakeDns(), FakeDns::own, true);
  }

  private static Attempt attempt(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return new Attempt(
        new QueueId(1),
        new ReversePath("s@s.x"),
        "r@r.x",
        new BytesMessage(bytes, 0, bytes.length),
        null);
  }

  private DeliveryResult against(List<Map<String, Object>> steps, String body) throws Exception {
    try (var server = new ScriptedServer(steps)) {
      SmtpClient client = client(server.port(), "1");
      try {
        return new SmtpTransport(client, Optional.empty()).deliver(attempt(body));
      } finally {
        client.close();
      }
    }
  }

  @Test
  void whatQmailremoteNamesIsRunInstead() throws Exception {
    Path program = home.resolve("remote");
    Files.writeString(program, "#!/bin/sh\ncat >message\nprintf 'r\\0K%s\\n\\0' \"$*\"\n");
    assertTrue(program.toFile().setExecutable(true));
    try (var sink = new SinkServer(-1)) {
      SmtpClient client = client(sink.port(), "5");
      var given = RemoteCommand.given(Map.of("QMAILREMOTE", "./remote"), () -> home);
      var transport = new SmtpTransport(client, given);
      var done = new DeliveryResult.Delivered("r.x s@s.x r@r.x\n");
      assertEquals(done, transport.deliver(attempt("x\n")));
      assertEquals("x\n", Files.readString(home.resolve("message")));
      Attempt plain = attempt("x\n");
      var secret =
          new Attempt(
              plain.id(),
              plain.sender(),
              plain.recipient(),
              plain.message(),
              plain.queue(),
              MessageOptions.NONE.withRequireTls(true),
              RecipientOptions.NONE);
      String refused = assertInstanceOf(PermFail.class, transport.deliver(secret)).why();
      assertTrue(refused.contains("TLS"), refused);
      var none = RemoteCommand.given(Map.of("QMAILREMOTE", "./none"), () -> home);
      assertEquals(
          new PermFail("Unable to run qmail-remote.\n"),
          new SmtpTransport(client, none).deliver(attempt("x\n")));
      assertEquals(0, sink.messages.get());
      client.close();
    }
  }

  @Test
  void connectionsAreReusedUpToTheirLimit() throws Exception {
    try (var sink = new SinkServer(-1)) {
      SmtpClient client = client(sink.port(), "5");
      var transport = new SmtpTransport(client, Optional.empty());
      for (int i = 0; i < 2 * IdleConnections.MESSAGES; i++) {
        assertEquals(
            new DeliveryResult.Delivered("127.0.0.1 accepted message.\nRemote host said: 250 ok\n"),
            transport.deliver(attempt("x\n")));
      }
      client.close();
      assertEquals(2, sink.connections.get());
      assertEquals(2 * IdleConnections.MESSAGES, sink.messages.get());
    }
  }

  @Test
  void keptConnectionsThatWereClosedAreReplaced() throws Exception {
    try (var sink = new SinkServer(2)) {
      SmtpClient client = client(sink.port(), "5");
      var transport = new SmtpTransport(client, Optional.empty());
      for (int i = 0; i < 6; i++) {
        assertInstanceOf(DeliveryResult.Delivered.class, transport.deliver(attempt("x\n")));
      }
      client.close();
      assertEquals(6, sink.messages.get());
      assertEquals(3, sink.connections.get());
    }
  }

  @Test
  void aHugeBodyStreams() throws Exception {
    try (var sink = new SinkServer(-1)) {
      SmtpClient client = client(sink.port(), "5");
      String body = ".line\n".repeat(3_000_000);
      DeliveryResult result = new SmtpTransport(client, Optional.empty()).deliver(attempt(body));
      client.close();
      assertInstanceOf(DeliveryResult.Delivered.class, result);
      assertEquals(8L * 3_000_000, sink.bodyOctets.get());
    }
  }

  @Test
  void aSilentServerIsATemporaryFailure() throws Exception {
    assertEquals(
        new DeliveryResult.TempFail("Connected to 127.0.0.1 but connection died. (#4.4.2)\n"),
        against(List.of(), "x\n"));
  }

  @Test
  void aServerThatReadsNoBodyIsATemporaryFailure() throws Exception {
    var steps =
        List.<Map<String, Object>>of(
            Map.of("send", "220 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n"),
            Map.of("pause", 20_000L));
    var result =
        assertInstanceOf(DeliveryResult.TempFail.class, against(steps, "y\n".repeat(8_000_000)));
    assertTrue(result.why().contains("connection died"), result.why());
  }

  @Test
  void aCutInTheMiddleOfDataIsATemporaryFailure() throws Exception {
    var steps =
        List.<Map<String, Object>>of(
            Map.of("send", "220 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n"),
            Map.of("expect", "HELO me.x\r\nMAIL FROM:<s@s.x>\r\nRCPT TO:<r@r.x>\r\nDATA\r\ny"),
            Map.of("close", true));
    assertInstanceOf(DeliveryResult.TempFail.class, against(steps, "y\n".repeat(4_000_000)));
  }

  @Test
  void splitRepliesAndRefusals() throws Exception {
    var steps =
        List.<Map<String, Object>>of(
            Map.of("send", "22"),
            Map.of("pause", 30L),
            Map.of("send", "0-a\r"),
            Map.of("pause", 30L),
            Map.of("send", "\n220 a\r\n250 b\r\n250 c\r\n550-n\u00e9\r\n55"),
            Map.of("pause", 30L),
            Map.of("send", "0 no\r\n"));
    assertEquals(
        new PermFail(
            "127.0.0.1 does not like recipient.\nRemote host said: 550-n\u00e9\n550 no\n"
                + "Giving up on 127.0.0.1.\n"),
        against(steps, "x\n"));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (var server = new ScriptedServer(List.of())) {
      SmtpClient client = client(server.port(), "600");
      var transport = new SmtpTransport(client, Optional.empty());
      var result = new FutureTask<DeliveryResult>(() -> transport.deliver(attempt("x\n")));
      var thread = new Thread(result);
      thread.start();
      thread.join(300);
      thread.interrupt();
      assertInstanceOf(DeliveryResult.TempFail.class, result.get(5, TimeUnit.SECONDS));
      client.close();
    }
  }
}
