package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that Debian brings, as the other side of a comparison. */
public final class Tool {
  /** What it left. */
  public record Result(int status, String out, String err) {}

  private Tool() {}

  /** Runs it in a directory; all text is bytes as ISO-8859-1. */
  public static Result run(
      Path directory, Map<String, String> environment, String stdin, String... command)
      throws IOException, InterruptedException {
    Path in = directory.resolve("tool.in");
    Path out = directory.resolve("tool.out");
    Path err = directory.resolve("tool.err");
    Files.writeString(in, stdin, StandardCharsets.ISO_8859_1);
    var builder = new ProcessBuilder(List.of(command)).directory(directory.toFile());
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> List.of(command) + " hangs");
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.ISO_8859_1),
        Files.readString(err, StandardCharsets.ISO_8859_1));
  }

  /**
   * The same for a program that leaves a child behind, which writes the last of the output: waits
   * until nobody holds descriptors 1 and 2 any more.
   */
  public static Result runWithChildren(
      Path directory, Map<String, String> environment, String stdin, String... command)
      throws IOException, InterruptedException {
    String script = "{ { { \"$@\"; echo $? >tool.status; } | cat >&4; } 2>&1 | cat >&2; } 4>&1";
    String[] shell =
        Stream.concat(Stream.of("sh", "-c", script, "sh"), Stream.of(command))
            .toArray(String[]::new);
    Result result = run(directory, environment, stdin, shell);
    String status = Files.readString(directory.resolve("tool.status")).strip();
    return new Result(Integer.parseInt(status), result.out(), result.err());
  }
}
