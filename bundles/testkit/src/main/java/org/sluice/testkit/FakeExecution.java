package org.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongConsumer;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;

/** A program played by a test, run with the descriptors 0 and 1 of the program under test. */
public final class FakeExecution implements Execution {
  /** What it does. */
  @FunctionalInterface
  public interface Body {
    /** Its exit status; a throw means that it could not be started. */
    int run(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  private final Body body;
  private InputStream in;
  private OutputStream out;

  /** The environment that it is given, which is the caller's if that does not say otherwise. */
  public Map<String, String> environment;

  /** For {@link TestContext#programs}. */
  public FakeExecution(ProgramContext context, Body body) {
    this.body = body;
    in = context.in();
    out = context.out();
    environment = context.environment();
  }

  /** A program that cannot be started, in the words of the JVM. */
  public static FakeExecution failing(ProgramContext context, String message) {
    return new FakeExecution(
        context,
        (in, out) -> {
          throw new IOException(message);
        });
  }

  @Override
  public Execution environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  @Override
  public Execution directory(Path directory) {
    return this;
  }

  @Override
  public Execution descriptors(Descriptors descriptors) {
    return this;
  }

  @Override
  public Execution message(MessageSource message) {
    throw new UnsupportedOperationException("messages");
  }

  @Override
  public Execution input(int descriptor, InputStream stream) {
    in = descriptor == 0 ? stream : in;
    return this;
  }

  @Override
  public Execution output(int descriptor, OutputStream stream) {
    out = descriptor == 1 ? stream : out;
    return this;
  }

  @Override
  public Execution user(int uid, int gid) {
    return this;
  }

  @Override
  public Execution pathexec() {
    return this;
  }

  @Override
  public Execution tellSignals() {
    return this;
  }

  @Override
  public Execution tellProcess(LongConsumer told) {
    return this;
  }

  @Override
  public Execution deadline(Instant deadline) {
    return this;
  }

  @Override
  public int run() throws IOException, InterruptedException {
    return body.run(in, out);
  }
}
