package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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
}
