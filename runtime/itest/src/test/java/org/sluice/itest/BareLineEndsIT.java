package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the configuration says of line ends that are not CRLF holds for the clients it means. */
class BareLineEndsIT {
  private static final String TO = Server.user() + "@localhost";

  /** All that the server says to a client that says all at once and waits for the end. */
  private static String say(Server server, String from, String text) throws Exception {
    var loopback = InetAddress.getByName("127.0.0.1");
    try (var socket = new Socket(loopback, server.port(), InetAddress.getByName(from), 0)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(from + ": " + e.getMessage(), e);
    }
  }

  @Test
  void policiesByClient() throws Exception {
    try (var server = new Server("bare", Map.of())) {
      server.conf(
          "org.sluice.smtp.limits.cfg",
          "bareLf = reject-521\nbareLfExempt = 127.0.0.2 127.0.0.64/26\nbareCr = transform\n");
      server.start();
      String mail = "MAIL FROM:<a@b.example>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: x\r\n\r\n";
      String text = mail.formatted(TO) + "a\n.\nb\rc\r\n.\r\n";
      String said = say(server, "127.0.0.1", text);
      assertTrue(said.endsWith("354 go ahead\r\n521 5.5.2 bare <LF> received\r\n"), said);

      for (String exempt : new String[] {"127.0.0.2", "127.0.0.65"}) {
        said = say(server, exempt, text + "QUIT\r\n");
        assertTrue(said.matches("(?s).*354 go ahead\r\n250 ok [^\r]*\r\n221 [^\r]*\r\n"), said);
      }
      var maildir = server.maildir(Server.user());
      Poll.until("delivered", 60_000, () -> maildir.count() == 2);
      assertEquals("Subject: x\n\na\n.\nb\rc\n", Maildir.withoutTrace(maildir.messages().get(0)));
      // What cannot be understood is named, and takes nothing away from the rest.
      String console = Files.readString(server.home.resolve("log/sluice"));
      assertTrue(
          console.contains("bareCr: \"transform\" is none of pass, reject, convert; pass stays"),
          console);
    }
  }
}
