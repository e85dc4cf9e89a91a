package org.sluice.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that prints the port it listens on, as {@code tcpserver -1} does. */
final class Listening implements AutoCloseable {
  final Process process;
  final int port;
  final Path log;

  /**
   * Starts one in the home of a server, with descriptor 2 in a file there.
   *
   * @param distribution whose bin/ is in front of PATH
   * @param words address, port and program
   */
  Listening(Server server, Path distribution, Path tcpserver, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(tcpserver.toString(), "-1", "-vRHl0"));
    command.addAll(List.of(words));
    log = Files.createTempFile(server.home, "tcpserver", ".log");
    var builder = new ProcessBuilder(command).directory(server.home.toFile());
    builder.environment().put("SLUICE_HOME", server.home.toString());
    builder.environment().put("PATH", distribution.resolve("bin") + ":/usr/bin:/bin");
    process = builder.redirectError(log.toFile()).start();
    port = Integer.parseInt(line(process.getInputStream()));
  }

  static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  void log(String line) throws IOException, InterruptedException {
    Poll.until(line, 60_000, () -> Files.readString(log).contains(line));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
