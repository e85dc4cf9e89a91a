package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Installed;

/** A port that only root may have (spec 20 section 5.8, 15). */
@Timeout(120)
class PrivilegedPortTest {
  private static final Path FIRST_FOR_ALL =
      Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

  @TempDir Path home;

  /** The status and what was said. */
  private record Ended(int status, String said) {}

  /** The program alone in a JVM. */
  public static void main(String[] arguments) throws Exception {
    var running = new Running(Path.of("."), Map.of(), List.of(arguments), Map.of());
    int status = running.status();
    System.out.print(running.log());
    System.exit(status);
  }

  /** Where root runs the tests, without the right to such ports; its files stay readable. */
  private Ended asSomebodyElse(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      Installed.program("setpriv");
      command.addAll(List.of("setpriv", "--bounding-set", "-net_bind_service"));
    }
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            path == null ? System.getProperty("java.class.path") : path,
            PrivilegedPortTest.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).directory(home.toFile()).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    return new Ended(process.waitFor(), said);
  }

  @Test
  void isDenied() throws Exception {
    // In one read, unlike readString: the next one gets nothing of such a file.
    int first = Integer.parseInt(Files.readAllLines(FIRST_FOR_ALL).get(0).strip());
    Installed.machine(first > 1, "privileged-ports");
    assertEquals(
        new Ended(111, "tcpserver: fatal: unable to bind: access denied\n"),
        asSomebodyElse("127.0.0.1", "1", "true"));
    assertEquals(new Ended(111, ""), asSomebodyElse("-q", "127.0.0.1", "1", "true"));
  }
}
