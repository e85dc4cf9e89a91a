package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An ordered end: the network first, then the queue, then what both have used. */
class StopIT {
  @Test
  void whoIsInATransactionEndsItAndNobodyElseIsKeptWaiting() throws Exception {
    try (var server = new Server("stop", Map.of()).start();
        var idle = new SmtpClient(server.port());
        var busy = new SmtpClient(server.port())) {
      int port = server.port();
      assertTrue(idle.lines("EHLO client.example").contains("CHUNKING"));
      String before = busy.lines("EHLO client.example");
      busy.command("MAIL FROM:<a@b.example>");
      busy.command("RCPT TO:<" + Server.user() + "@localhost>");
      assertEquals("354", busy.command("DATA").substring(0, 3));
      var stop =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return server.sluice("stop");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertEquals("421", idle.reply().substring(0, 3), "while the other one is within DATA");
      assertFalse(stop.isDone());
      assertThrows(ConnectException.class, () -> new SmtpClient(port).close());
      busy.write("Subject: x\r\n\r\nx\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("250", busy.reply().substring(0, 3), before);
      stop.get();
      List<String> log = server.log();
      assertTrue(log.get(0).endsWith("status: local 0/10 remote 0/20"), log.get(0));
      assertTrue(log.get(log.size() - 1).endsWith("status: exiting"), log.toString());
      server.start();
      Poll.until("it is there", 30_000, () -> server.maildir(Server.user()).count() == 1);
    }
  }
}
