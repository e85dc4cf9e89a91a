package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A listener's file is written anew while clients are there: none is refused, none is cut. */
class ReloadIT {
  private static final String CFG = "org.sluice.net-smtp.cfg";
  private static final String SMTP = "protocol = smtp\nport = 0\ndrainSeconds = 1\n";

  @Test
  void refusesAndCutsNobody() throws Exception {
    try (var server = new Server("reload", Map.of()).conf(CFG, SMTP)) {
      server.start();
      int port = server.port();
      try (var old = new SmtpClient(port)) {
        String to = Server.user() + "@localhost";
        assertTrue(old.command("EHLO client.example").startsWith("250 "));
        assertTrue(old.command("MAIL FROM:<a@b.example>").startsWith("250 "));
        assertTrue(old.command("RCPT TO:<" + to + ">").startsWith("250 "));
        assertTrue(old.command("DATA").startsWith("354 "));
        old.write("Subject: one half\r\n".getBytes(ISO_8859_1));
        server.conf(CFG, SMTP + "perAddressLimit = 1\n");
        // A refused connection would end this with its exception.
        Poll.until("the file is read", 60_000, () -> greeting(port).startsWith("421 "));
        old.write("\r\nthe other\r\n.\r\n".getBytes(ISO_8859_1));
        assertTrue(old.reply().startsWith("250 "));
      }
      Poll.until("one place is free", 60_000, () -> greeting(port).startsWith("220 "));
      assertEquals(port, server.port());
      Poll.until("delivered", 60_000, () -> server.maildir(Server.user()).count() == 1);
    }
  }

  private static String greeting(int port) throws java.io.IOException {
    try (var client = new SmtpClient(port)) {
      return client.greeting;
    }
  }
}
