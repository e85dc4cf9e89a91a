package org.sluice.tools.door.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sluice.api.program.ProgramContext;

/**
 * What the clients of listeners hear that cannot reach the server. They have a connection on
 * descriptors 0 and 1, under inetd on 2 as well, and no message of ours belongs there. Also whom
 * mailq and sendmail run: their own words for a program that cannot be run do not tell the reason.
 */
final class Refusal {
  /** What SMTP has for controls that cannot be read; QMTP and QMQP have no text for trouble. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "qmail-smtpd", "421 unable to read controls (#4.3.0)\r\n",
          "qmail-qmtpd", "",
          "qmail-qmqpd", "",
          "qmail-qread", "");

  private Refusal() {}

  /** Whether this program is one of them. */
  static boolean knows(String program) {
    return TEXTS.containsKey(program);
  }

  /** Tells the client, and whoever reads descriptor 2 if that is somebody else. */
  static void say(String program, String why, ProgramContext context) {
    try {
      context.out().write(TEXTS.get(program).getBytes(StandardCharsets.ISO_8859_1));
      context.out().flush();
    } catch (IOException e) {
      // Nobody is left to be told.
    }
    try {
      if (!connected()) {
        context.err().write((program + ": " + why + "\n").getBytes(StandardCharsets.UTF_8));
        context.err().flush();
      }
    } catch (IOException e) {
      // As above; the exit status says that it is temporary.
    }
  }

  /** Whether descriptor 2 is the connection: a program that runs this one may have passed it on. */
  private static boolean connected() throws IOException {
    Path open = Path.of("/proc/self/fd");
    Path error = open.resolve("2");
    if (!Files.isSymbolicLink(error)) {
      return false;
    }
    Path file = Files.readSymbolicLink(error);
    return file.toString().startsWith("socket:")
        && (same(file, open.resolve("0")) || same(file, open.resolve("1")));
  }

  private static boolean same(Path file, Path link) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(file);
  }
}
