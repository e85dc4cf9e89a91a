package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Slips of an operator in configuration files. */
class BadConfigIT {
  private static final String POLICY =
      "org.sluice.listeners.pop3: plaintext = sometimes:"
          + " one of loopback, always, never is wanted; never is used";

  private static List<String> errors(Server server) throws IOException {
    return Files.readAllLines(server.home.resolve("log/sluice")).stream()
        .filter(line -> line.contains("ERROR") || line.startsWith("\tat "))
        .toList();
  }

  @Test
  void badValuesAreNamedOnceAndNobodyHangs() throws Exception {
    try (var server = new Server("bad-config", Map.of())) {
      server.conf("org.sluice.net-pop3.cfg", "protocol = pop3\nport = abc\n");
      server.conf("org.sluice.net-other.cfg", "protocol = pop3\nname = other\nport = 0\n");
      server.conf("org.sluice.listeners.pop3.cfg", "extensions = true\nplaintext = sometimes\n");
      server.start().listening("other");
      try (var client = new Pop3Client(server.port("other"))) {
        String said = client.command("CAPA");
        assertTrue(said.startsWith("+OK "), said);
      }
      String status = server.sluice("status");
      assertTrue(
          status.matches(
              "(?s).*\npop3: bad configuration: org\\.sluice\\.net[^ ]*:"
                  + " port = abc: a whole number is wanted\n.*"),
          status);
      List<String> errors = errors(server);
      assertEquals(1, errors.stream().filter(line -> line.contains("port = abc")).count());
      assertEquals(1, errors.stream().filter(line -> line.contains(POLICY)).count());
      assertEquals(2, errors.size(), errors.toString());
      server.conf("org.sluice.net-pop3.cfg", "protocol = pop3\nport = 0\n");
      server.listening("pop3");
      assertFalse(server.sluice("status").contains("bad configuration"));
    }
  }
}
