package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.itest.filter.TestFilter.Behaviour;

/** What lies in plugins/ beside good jars, and bad copies of good ones, hurts nobody. */
class PluginsIT {
  private static final String TO = Server.user() + "@localhost";

  private static String log(Server server) throws IOException {
    return Files.readString(server.home.resolve("log/sluice"));
  }

  private static byte[] filter(int version) throws IOException {
    try (var jar = FilterBundle.jar(version, Behaviour.STAMPS, "sluice.filter.name=stamp")) {
      return jar.readAllBytes();
    }
  }

  private static void send(Server server, String subject) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      String reply = client.send("a@b.example", TO, "Subject: " + subject + "\n\nx\n");
      assertEquals("250", reply.substring(0, 3));
    }
  }

  /** The value of the field Stamp, or nothing. */
  private static String stamp(Server server, String subject) throws Exception {
    send(server, subject);
    var maildir = server.maildir(Server.user());
    String[] found = new String[1];
    Poll.until(
        "delivered",
        60_000,
        () -> {
          for (String message : maildir.messages()) {
            if (message.contains("\nSubject: " + subject + "\n")) {
              found[0] = message.replaceFirst("(?s).*\nStamp: (\\d).*|.*", "$1");
            }
          }
          return found[0] != null;
        });
    return found[0];
  }

  /** Runs one of bin/. */
  private static String program(Server server, String... command) throws Exception {
    command[0] = Server.DIST.resolve("bin").resolve(command[0]).toString();
    Path output = Files.createTempFile(server.home, "output", ".txt");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLUICE_HOME", server.home.toString());
    Process process = builder.redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String text = Files.readString(output);
    assertEquals(0, process.exitValue(), text);
    return text;
  }

  @Test
  void aBadCopyOfAFilterDoesNotTakeTheFilterAway() throws Exception {
    try (var server = new Server("plugins", Map.of())) {
      Path plugins = Files.createDirectories(server.home.resolve("plugins"));
      Path jar = Files.write(plugins.resolve("stamp.jar"), filter(1));
      server.start();
      Poll.until("the filter is asked", 60_000, () -> log(server).contains(" plugins installed"));
      assertEquals("1", stamp(server, "before"));
      byte[] next = filter(2);
      Files.write(jar, Arrays.copyOf(next, next.length / 2));
      Poll.until("it is named", 60_000, () -> log(server).contains("is not a complete jar"));
      assertEquals("1", stamp(server, "half"));
      assertTrue(server.sluice("status").contains(jar + " (org.ex"));
      assertTrue(program(server, "plugins", "-q").contains("in use as it was before"));
      assertTrue(program(server, "filters").contains("plugins not in use:\n  " + jar + " (org.ex"));
      // Programs of their own pass it over.
      assertTrue(program(server, "qmail-showctl").contains("me:"));
      Files.write(jar, next);
      Poll.until("the new one is there", 60_000, () -> log(server).contains(" updated: "));
      assertEquals("2", stamp(server, "whole"));
      Path copy = plugins.resolve("copy.jar");
      Files.write(copy, next);
      Poll.until("the second is named", 60_000, () -> log(server).contains("it stands by"));
      Files.delete(jar);
      Poll.until("handed over", 60_000, () -> log(server).contains("from now on"));
      assertEquals("2", stamp(server, "second"));
      Files.delete(copy);
      Poll.until("removed", 60_000, () -> log(server).contains("copy.jar removed: "));
      assertEquals("", stamp(server, "without"));
    }
  }
}
