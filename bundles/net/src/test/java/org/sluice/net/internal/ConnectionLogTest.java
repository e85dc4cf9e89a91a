package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.net.Connection;
import org.sluice.testkit.Logged;

/** tcpserver's lines of a listener (spec 20 section 5.5). */
@Timeout(60)
class ConnectionLogTest {
  private final Harness harness = new Harness();

  private static void handle(Connection connection) throws IOException {
    String line = Echo.line(connection);
    if ("other".equals(line)) {
      connection.client(Map.of("TCPREMOTEIP", "192.0.2.9"));
    } else if ("fail".equals(line)) {
      throw new IOException("trouble");
    } else if (line.startsWith("status")) {
      connection.status(1);
      if (line.endsWith("fail")) {
        throw new IOException("trouble");
      } else if (line.endsWith("bug")) {
        throw new IllegalStateException("for the test");
      }
    }
  }

  /** What is logged of three clients, one after the other: there is one place. */
  private List<String> lines(boolean verbose, String... clients) throws Exception {
    harness.limit = 1;
    harness.verbose = verbose;
    harness.drain = Duration.ofSeconds(40);
    harness.rules = (ip, host, info) -> new Verdict(ip.equals("192.0.2.9"), Map.of());
    harness.with(ConnectionLogTest::handle);
    return Logged.during(
            () -> {
              try (harness) {
                harness.start();
                for (String said : clients) {
                  try (var client = harness.client()) {
                    assertNull(client.ask(said));
                  }
                }
              }
            })
        .stream()
        .filter(line -> line.contains(" tcpserver: ") || line.contains("tcpserver.echo"))
        .map(line -> line.replaceFirst("^.* INFO tcpserver\\.echo - ", ""))
        .map(line -> line.replaceAll(":[1-9]\\d*( |$)", ":PORT$1"))
        .toList();
  }

  @Test
  void sameAsTheProgram() throws Exception {
    assertEquals(
        List.of(
            "tcpserver: status: 0/1",
            "tcpserver: status: 1/1",
            "tcpserver: pid 1 from 127.0.0.1",
            "tcpserver: ok 1 here.example:127.0.0.1:PORT :127.0.0.1::PORT",
            "tcpserver: end 1 status 0",
            "tcpserver: status: 0/1",
            "tcpserver: status: 1/1",
            "tcpserver: pid 2 from 127.0.0.1",
            "tcpserver: ok 2 here.example:127.0.0.1:PORT :127.0.0.1::PORT",
            "tcpserver: deny 2 here.example:127.0.0.1:PORT :192.0.2.9::",
            "tcpserver: end 2 status 25600",
            "tcpserver: status: 0/1",
            "tcpserver: status: 1/1",
            "tcpserver: pid 3 from 127.0.0.1",
            "tcpserver: ok 3 here.example:127.0.0.1:PORT :127.0.0.1::PORT",
            "tcpserver: end 3 status 28416",
            "tcpserver: status: 0/1"),
        lines(true, "end", "other", "fail"));
  }

  /** Spec 20 section 5.5: derived from the exit code of the session. */
  @Test
  void aHandlerKnowsWhatItsProgramWouldExitWith() throws Exception {
    List<String> ends =
        lines(true, "status", "status fail", "status bug").stream()
            .filter(line -> line.contains(" end "))
            .toList();
    assertEquals(
        List.of(
            "tcpserver: end 1 status 256",
            "tcpserver: end 2 status 256",
            "tcpserver: end 3 status 28416"),
        ends);
    String counts = harness.server.counts();
    assertTrue(counts.contains(" failed=2 "), counts);
  }

  @Test
  void nothingUnlessAskedFor() throws Exception {
    assertEquals(List.of(), lines(false, "end"));
  }
}
