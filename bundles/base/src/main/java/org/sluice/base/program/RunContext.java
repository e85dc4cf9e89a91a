package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/**
 * The context of a program of ours, in whichever process.
 *
 * @param source what it can run in turn
 * @param descriptors its open descriptors
 */
public record RunContext(
    ProgramSource source,
    List<String> arguments,
    Map<String, String> environment,
    Path directory,
    Descriptors descriptors,
    Optional<Instant> deadline)
    implements ProgramContext {
  /** Copies list and map. */
  public RunContext {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  @Override
  public InputStream in() {
    return input(0).orElseGet(Closed.Input::new);
  }

  @Override
  public void rewind() throws IOException {
    descriptors.rewind();
  }

  @Override
  public OutputStream out() {
    return output(1).orElseGet(Closed.Output::new);
  }

  @Override
  public OutputStream err() {
    return output(2).orElseGet(OutputStream::nullOutputStream);
  }

  @Override
  public Optional<InputStream> input(int descriptor) {
    try {
      return descriptors.input(descriptor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<OutputStream> output(int descriptor) {
    try {
      return descriptors.output(descriptor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public MailQueue queue() {
    // Set but empty is set: there is no program of that name, and nothing is queued.
    String program = environment.get("QMAILQUEUE");
    return program == null ? source.queue(this) : new ExternalQueue(program, this::execution);
  }

  @Override
  public Execution execution(List<String> argv) {
    return new Run(source, argv, environment, directory, descriptors, deadline);
  }
}
