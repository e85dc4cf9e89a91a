package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sluice.testkit.Installed;

/** Programs of others, found in the usual places. */
final class Client {
  private Client() {}

  /** Starts one; its output goes to the file. */
  static Process start(Path output, String program, String... arguments) throws IOException {
    Installed.program(program);
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    Process process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    return process;
  }

  /** Runs one and expects it to succeed. */
  static void run(String program, String... arguments) throws IOException, InterruptedException {
    output(program, arguments);
  }

  /** Likewise; what it wrote, also to descriptor 2. */
  static String output(String program, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("client", ".txt");
    Process process = start(output, program, arguments);
    boolean ended = process.waitFor(180, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    Files.delete(output);
    assertEquals(0, ended ? process.exitValue() : -1, () -> program + ": " + text);
    return text;
  }
}
