package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The operator stops the server while a program delivery runs. */
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
  void itWaitsForTheDeliveryTakesMailAndStartsNoOther() throws Exception {
    try (var server = delivering("stop")) {
      var stopped = stop(server);
      send(server, "sam");
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
      server.start();
      Poll.until("what came meanwhile", 60_000, () -> server.maildir("sam").count() == 1);
      assertEquals(List.of("ran"), ran());
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
}
