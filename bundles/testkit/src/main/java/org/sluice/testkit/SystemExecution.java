package org.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;

/** A program of the operating system, run with the descriptors 0, 1 and 2 of a test's program. */
public final class SystemExecution implements Execution {
  private final ProcessBuilder builder;
  private InputStream in;
  private OutputStream out;
  private OutputStream err;

  /** For {@link TestContext#programs}. */
  public SystemExecution(ProgramContext context, List<String> argv) {
    builder = new ProcessBuilder(argv).directory(context.directory().toFile());
    builder.environment().putAll(context.environment());
    in = context.in();
    out = context.out();
    err = context.err();
  }

  @Override
  public Execution environment(Map<String, String> environment) {
    builder.environment().clear();
    builder.environment().putAll(environment);
    return this;
  }

  @Override
  public Execution directory(Path directory) {
    builder.directory(directory.toFile());
    return this;
  }

  @Override
  public Execution input(int descriptor, InputStream stream) {
    if (descriptor != 0) {
      throw new UnsupportedOperationException("descriptor " + descriptor);
    }
    in = stream;
    return this;
  }

  @Override
  public Execution output(int descriptor, OutputStream stream) {
    switch (descriptor) {
      case 1 -> out = stream;
      case 2 -> err = stream;
      default -> throw new UnsupportedOperationException("descriptor " + descriptor);
    }
    return this;
  }

  @Override
  public Execution user(String name, int uid, int gid) {
    throw new UnsupportedOperationException("users");
  }

  @Override
  public Execution deadline(Instant deadline) {
    throw new UnsupportedOperationException("deadlines");
  }

  @Override
  public int run() throws IOException, InterruptedException {
    byte[] input = in.readAllBytes();
    Process process = builder.start();
    var output = pump(process.getInputStream(), out);
    var errors = pump(process.getErrorStream(), err);
    feed(process.getOutputStream(), input);
    int status = process.waitFor();
    output.join();
    errors.join();
    return status;
  }

  private static void feed(OutputStream pipe, byte[] input) throws IOException {
    try (pipe) {
      pipe.write(input);
    } catch (IOException e) {
      // A program need not read everything: EPIPE, or its end was noticed already.
      if (!List.of("Broken pipe", "Stream closed").contains(e.getMessage())) {
        throw e;
      }
    }
  }

  private static CompletableFuture<Void> pump(InputStream from, OutputStream to) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            from.transferTo(to);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
