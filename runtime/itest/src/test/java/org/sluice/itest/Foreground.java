package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sluice.testkit.Installed;

/** {@code runtime/sluice run} of this repository, as somebody has it in a terminal. */
final class Foreground implements AutoCloseable {
  private static final Path COMMAND =
      Path.of(System.getProperty("sluice.command")).toAbsolutePath().normalize();

  final Server server;
  private final Path output;
  private final Process process;

  /** Starts it in the home of this server; returns when it has said what to try, or has ended. */
  Foreground(Server server) throws IOException, InterruptedException {
    this.server = server;
    Installed.program("setsid");
    output = server.home.resolve("said");
    Path repository = COMMAND.getParent().getParent();
    // As a group of processes of its own, which signals reach as they do from a terminal: whoever
    // started the tests may have had interrupts ignored, and sh catches none that it finds so.
    var command =
        List.of(
            "env",
            "--default-signal=INT",
            "setsid",
            repository.relativize(COMMAND).toString(),
            "run");
    process =
        server
            .builder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    try {
      Poll.until("it says what to try", 120_000, () -> !process.isAlive() || hasSaidWhatToTry());
    } catch (AssertionError e) {
      close();
      throw new AssertionError(said(), e);
    }
  }

  private boolean hasSaidWhatToTry() throws IOException {
    String said = said();
    return said.contains("\n     ls ")
        && (said.contains(" does not listen: ") || said.matches("(?s).*\ntry: [^\n]* pop3:.*\n"));
  }

  /** What it has written so far, to either descriptor. */
  String said() throws IOException {
    return Files.readString(output);
  }

  /** The rest of the first line that begins so. */
  String said(String begin) throws IOException {
    return said()
        .lines()
        .filter(line -> line.startsWith(begin))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + begin + "'"))
        .substring(begin.length());
  }

  /** The shell commands that it says one can try. */
  List<String> tries() throws IOException {
    return said()
        .lines()
        .filter(line -> line.startsWith("try: ") || line.startsWith("     "))
        .map(line -> line.substring(5))
        .toList();
  }

  /** Ctrl-C; its exit status. */
  int interrupt() throws IOException, InterruptedException {
    signal("INT");
    return status();
  }

  /** Its exit status, when it has ended. */
  int status() throws InterruptedException {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), this::text);
    return process.exitValue();
  }

  private void signal(String name) throws IOException, InterruptedException {
    Client.run("kill", "-" + name, "--", "-" + process.pid());
  }

  private String text() {
    try {
      return "still running: " + said();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The processes that it has started and that have not ended, and itself. */
  List<Long> processes() throws IOException {
    List<Long> found = new ArrayList<>();
    try (var numbers = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path number : numbers) {
        if (inGroup(number)) {
          found.add(Long.parseLong(number.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private boolean inGroup(Path number) throws IOException {
    try {
      String status = Files.readString(number.resolve("stat"));
      String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
      return !fields[0].equals("Z") && fields[2].equals(String.valueOf(process.pid()));
    } catch (NoSuchFileException e) {
      return false; // ended meanwhile
    } catch (IOException e) {
      if (Files.exists(number)) {
        throw e;
      }
      return false; // likewise, while it was read
    }
  }

  /** Ends what is left of it. */
  @Override
  public void close() throws IOException {
    try {
      if (!processes().isEmpty()) {
        signal("KILL");
        Poll.until("all are gone", 10_000, () -> processes().isEmpty());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the processes were to end", e);
    }
  }
}
