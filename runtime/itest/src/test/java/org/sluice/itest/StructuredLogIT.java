package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The JSON that conf/logback.xml shows how to have: what a line is about, beside its words. */
class StructuredLogIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The events of a kind; a line that is still being written is not looked at. */
  private static List<JsonNode> events(Path file, String logger) throws IOException {
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(StructuredLogIT::parsed)
        .filter(event -> logger.equals(event.path("loggerName").asText()))
        .toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void everyLineOfASessionSaysWhoseItIs() throws Exception {
    try (var server = new Server("structured", Map.of(), List.of("listeners.smtp"))) {
      String logback = Files.readString(server.home.resolve("conf/logback.xml"));
      // What an operator does: the comment's signs are taken away.
      server.conf("logback.xml", logback.replace("<!-- JSON", "").replace("JSON -->", ""));
      server.conf(
          "org.ops4j.pax.logging.cfg",
          "org.ops4j.pax.logging.logback.config.file = "
              + server.home.resolve("conf/logback.xml")
              + "\n");
      server.conf(
          "org.sluice.net-smtp.cfg",
          "protocol = smtp\naddress = 127.0.0.1\nport = 0\nverbose = true\n");
      Files.delete(server.home.resolve("conf/org.sluice.net-pop3.cfg"));
      server.start();
      for (int i = 0; i < 2; i++) {
        try (var client = new SmtpClient(server.port())) {
          client.command("QUIT");
        }
      }
      Path file = server.home.resolve("log/sluice.json");
      Poll.until("both have ended", 60_000, () -> ends(file).size() == 2);
      for (JsonNode end : ends(file)) {
        JsonNode about = end.get("mdc");
        assertEquals("INFO", end.get("level").asText());
        assertEquals("smtp", about.get("listener").asText());
        assertTrue(about.get("session").asText().matches("smtp-\\d+-[12]"), end::toString);
        assertEquals("127.0.0.1", about.get("client").asText());
        assertEquals("0", about.get("status").asText());
        assertTrue(about.get("seconds").asDouble() < 60, end::toString);
      }
      JsonNode next =
          events(file, "tcpserver.smtp").stream()
              .filter(event -> event.get("message").asText().contains("pid 2 from"))
              .findAny()
              .orElseThrow();
      // A thread is used again; nothing of the session before is left on it.
      assertTrue(next.get("mdc").get("session").asText().endsWith("-2"), next::toString);
      assertTrue(next.get("mdc").path("status").isMissingNode(), next::toString);
    }
  }

  private static List<JsonNode> ends(Path file) throws IOException {
    return events(file, "tcpserver.smtp").stream()
        .filter(event -> event.get("message").asText().startsWith("tcpserver: end "))
        .toList();
  }
}
