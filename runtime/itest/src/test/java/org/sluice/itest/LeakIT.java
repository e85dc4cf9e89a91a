package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that go wrong get the right answer, and when they are gone nothing is left of them. */
class LeakIT {
  private static final String TO = Server.user() + "@localhost";
  private static Server server;
  private static Remains remains;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("leak", Map.of());
    Remains.configure(server, "");
    server.conf(
        "org.sluice.listeners.pop3.cfg",
        "extensions = true\nfailureDelaySeconds = 0\nallowRoot = ${sluice.allow.root}\n");
    server.conf("org.sluice.smtp.auth.cfg", "plaintext = loopback\nfailureDelaySeconds = 0\n");
    server.start().listening("smtps").listening("pop3");
    remains = new Remains(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aCertificateThatTheClientDoesNotTrust() throws Exception {
    var distrustful = (SSLSocketFactory) SSLSocketFactory.getDefault();
    remains.nothingIsLeftOf(
        () -> assertThrows(SSLException.class, () -> remains.secured(distrustful)));
  }

  @Test
  void aWrongPassword() throws Exception {
    remains.nothingIsLeftOf(
        () -> {
          try (var client = new SmtpClient(server.port())) {
            client.command("EHLO client.example");
            String reply = client.command("AUTH PLAIN AGpvZQB3cm9uZw==");
            assertTrue(reply.startsWith("535 "), reply);
          }
          try (var client = new Pop3Client(server.port("pop3"))) {
            client.command("USER joe");
            assertEquals("-ERR [AUTH] authorization failed", client.command("PASS wrong"));
          }
        });
  }

  private static final String HALF =
      "MAIL FROM:<a@b.example>\r\nRCPT TO:<" + TO + ">\r\nDATA\r\nSubject: half\r\n";

  @Test
  void halfClosedInTheMidstOfAMessage() throws Exception {
    remains.nothingIsLeftOf(
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(HALF.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            var said = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertTrue(said.contains("\r\n354 "), said);
            assertTrue(!said.contains(" ok 1"), said);
          }
        });
    assertEquals(0, server.maildir(Server.user()).count());
  }

  @Test
  void resetInTheMidstOfAMessage() throws Exception {
    remains.nothingIsLeftOf(
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(HALF.getBytes(ISO_8859_1));
            socket.setSoLinger(true, 0);
          }
        });
    assertEquals(0, server.maildir(Server.user()).count());
  }

  @Test
  void aCommandLineOfTenMegabytes() throws Exception {
    byte[] megabyte = "x".repeat(1 << 20).getBytes(ISO_8859_1);
    // SMTP drops the line and goes on.
    remains.nothingIsLeftOf(
        () -> {
          try (var client = new SmtpClient(server.port())) {
            for (int i = 0; i < 10; i++) {
              client.write(megabyte);
            }
            String said = client.command("");
            assertTrue(said.startsWith("500 ") && said.contains("command line too long"), said);
            assertTrue(client.command("NOOP").startsWith("250 "));
          }
        });
    // POP3 ends the session.
    remains.nothingIsLeftOf(
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port("pop3"))) {
            socket.setSoTimeout(60_000);
            assertThrows(
                IOException.class,
                () -> {
                  for (int i = 0; i < 10; i++) {
                    socket.getOutputStream().write(megabyte);
                  }
                  // What is in the buffers of both kernels may not tell.
                  socket.getInputStream().readAllBytes();
                });
          }
        });
    // Just beyond the limit, so that the answer is not lost with a connection that is reset.
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port("pop3"))) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(megabyte, 0, 65_536);
      var said = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertTrue(said.contains("-ERR line too long"), said);
    }
  }

  @Test
  void aHundredThousandRecipients() throws Exception {
    int group = 1_000;
    byte[] recipients = ("RCPT TO:<" + TO + ">\r\n").repeat(group).getBytes(ISO_8859_1);
    remains.nothingIsLeftOf(
        1,
        () -> {
          try (var client = new SmtpClient(server.port())) {
            client.command("MAIL FROM:<a@b.example>");
            int accepted = 0;
            for (int i = 0; i < 100; i++) {
              client.write(recipients);
              for (int j = 0; j < group; j++) {
                String reply = client.reply();
                boolean taken = reply.startsWith("250 ");
                assertTrue(taken || reply.startsWith("452 "), reply);
                accepted += taken ? 1 : 0;
              }
            }
            assertEquals(50_000, accepted);
          }
        });
  }
}
