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
  private static final Path EXAMPLE = Path.of(System.getProperty("sluice.example"));
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

  /** The filter of the README: the class there is the one here, and does what is said of it. */
  @Test
  void theReadmesFilter() throws Exception {
    Path source = EXAMPLE.resolve("src/main/java/example/NoViagra.java");
    String text = Files.readString(source);
    String type = text.substring(text.indexOf("@Component"));
    String readme = Files.readString(EXAMPLE.resolve("../../README.md"));
    assertTrue(readme.contains("```java\n" + type + "```\n"), "README.md shows another filter");
    try (var server = new Server("readme", Map.of())) {
      Path plugins = Files.createDirectories(server.home.resolve("plugins"));
      server.start();
      assertEquals("250 2.0.0 ok", buy(server));
      Files.copy(EXAMPLE.resolve("target/no-viagra.jar"), plugins.resolve("no-viagra.jar"));
      Poll.until("it is in use", 60_000, () -> buy(server).equals("550 5.7.1 not wanted here"));
      Files.delete(plugins.resolve("no-viagra.jar"));
      Poll.until("it is gone", 60_000, () -> buy(server).equals("250 2.0.0 ok"));
    }
  }

  /** The reply to an offer, without time and process. */
  private static String buy(Server server) {
    try (var client = new SmtpClient(server.port())) {
      client.command("EHLO client.example");
      String to = Server.user() + "@localhost";
      return client
          .send("a@b.example", to, "Subject: Viagra\n\nx\n")
          .replaceFirst(" \\d+ qp.*", "");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
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
