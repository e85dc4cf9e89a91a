package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.itest.filter.TestFilter.Behaviour;

/** An operator drops a filter's jar into a running server and looks what became of it. */
class FilterStatusIT {
  private static final String DETAILS =
      "stamp (org.example.filter %d.0.0): ranking 0, limit 300 s, running 0 of 100, breaker 10/60s,"
          + " on failure tempfail\n";

  private static String filters(Server server) {
    try {
      return server.sluice("shell", "sluice:filters smtp");
    } catch (IOException e) {
      return ""; // the console is not there yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void drop(Path plugins, int version, String properties) throws IOException {
    Path part = plugins.resolve("stamp.part");
    String named = "sluice.filter.name=stamp " + properties;
    try (var jar = FilterBundle.jar(version, Behaviour.STAMPS, named)) {
      Files.copy(jar, part);
    }
    Files.move(part, plugins.resolve("stamp.jar"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void fromTheFirstDropToTheRemoval() throws Exception {
    try (var server = new Server("filter-status", Map.of()).start()) {
      Path plugins = server.home.resolve("plugins");
      Poll.until("the console is up", 60_000, () -> filters(server).contains("message: none\n"));
      drop(plugins, 1, "sluice.protocols=smtp");
      Poll.until(
          "the filter is asked", 60_000, () -> filters(server).contains(DETAILS.formatted(1)));
      try (var client = new SmtpClient(server.port())) {
        client.command("HELO client.example");
        assertEquals(
            "250",
            client
                .send("a@b.example", Server.user() + "@localhost", "Subject: x\n\nx\n")
                .substring(0, 3));
      }
      drop(plugins, 2, "sluice.protocols=nntp sluice.timeout=soon");
      Poll.until(
          "the new one is not for SMTP",
          60_000,
          () -> filters(server).contains("  stamp: serves only nntp, which no listener speaks\n"));
      assertTrue(
          filters(server)
              .contains("  stamp: sluice.timeout = 'soon' cannot be used, the default holds\n"));
      Files.delete(plugins.resolve("stamp.jar"));
      Poll.until("gone", 60_000, () -> !filters(server).contains("stamp"));
      var maildir = server.maildir(Server.user());
      Poll.until("delivered", 60_000, () -> maildir.count() == 1);
      assertTrue(maildir.messages().get(0).contains("\nStamp: 1.0.0\n"));
    }
  }
}
