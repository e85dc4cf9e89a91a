package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An ordered end: the network first, then the queue, then what both have used. */
class StopIT {
  private Path joe;

  private Server delivering(String name) throws Exception {
    var server = new Server(name, Map.of());
    server.sluice("mailbox", "add", "sam");
    server.sluice("mailbox", "add", "joe");
    joe = server.home.resolve("mail/joe");
    Files.writeString(
        joe.resolve(".qmail"),
        "|touch started; while [ ! -e go ]; do sleep 0.1; done; echo ran >>ran\n");
    server.start();
    send(server, "joe");
    Poll.until("the delivery runs", 60_000, () -> Files.exists(joe.resolve("started")));
    return server;
  }

  private static void send(Server server, String to) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      String reply = client.send("sam@localhost", to + "@localhost", "Subject: x\n\nx\n");
      assertTrue(reply.startsWith("250 "), reply);
    }
  }

  /** Returns when the server has heard of it; completes with what the command has printed. */
  private static CompletableFuture<String> stop(Server server) throws Exception {
    var stopped =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.sluice("stop");
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Path ready = server.home.resolve("run/queue.ready");
    Poll.until("the queue ends", 60_000, () -> Files.notExists(ready));
    return stopped;
  }

  private static boolean told(Server server) throws IOException {
    try (var outputs = Files.newDirectoryStream(server.home, "output*.txt")) {
      for (Path output : outputs) {
        if (Files.readString(output).contains("waiting for deliveries: local 1/10 remote 0/20;")) {
          return true;
        }
      }
      return false;
    }
  }

  private List<String> ran() throws IOException {
    return Files.exists(joe.resolve("ran")) ? Files.readAllLines(joe.resolve("ran")) : List.of();
  }

  @Test
  void itWaitsForTheDeliveryAndTakesNoMail() throws Exception {
    try (var server = delivering("stop")) {
      send(server, "sam");
      Poll.until("it is there", 60_000, () -> server.maildir("sam").count() == 1);
      int port = server.port();
      var stopped = stop(server);
      assertThrows(ConnectException.class, () -> new SmtpClient(port).close());
      Poll.until("the operator is told", 60_000, () -> told(server));
      Files.createFile(joe.resolve("go"));
      stopped.get();
      assertEquals(List.of("ran"), ran());
      List<String> log =
          server.log().stream().filter(line -> !line.matches(".* (new|info) msg .*")).toList();
      List<String> end = log.subList(log.size() - 4, log.size());
      for (int i = 0; i < 4; i++) {
        String expected =
            List.of(
                    "delivery 1: success: did_0+0+1/",
                    "status: local 0/10 remote 0/20 exitasap",
                    "end msg 1",
                    "status: exiting")
                .get(i);
        assertTrue(end.get(i).endsWith(expected), log::toString);
      }
    }
  }

  @Test
  void whoDoesNotWantToWaitHasItInterruptedAndRunAgain() throws Exception {
    try (var server = delivering("stopnow")) {
      var stopped = stop(server);
      server.sluice("stop", "now");
      stopped.get();
      assertEquals(List.of(), ran());
      assertTrue(
          server.log().stream().anyMatch(l -> l.contains(": deferral: delivery_interrupted")),
          server.log()::toString);
      Files.createFile(joe.resolve("go"));
      server.start();
      Poll.until("run again", 60_000, () -> ran().equals(List.of("ran")));
    }
  }

  @Test
  void whoIsInATransactionEndsItAndNobodyElseIsKeptWaiting() throws Exception {
    try (var server = new Server("stop-busy", Map.of()).start();
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
