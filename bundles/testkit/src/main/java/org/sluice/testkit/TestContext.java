package org.sluice.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/** A program's surroundings in memory: what the test sets, and what the program left. */
public final class TestContext implements ProgramContext {
  private final List<String> arguments;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<Integer, byte[]> inputs = new HashMap<>();
  private final Map<Integer, InputStream> open = new HashMap<>();
  private final Map<Integer, ByteArrayOutputStream> outputs = new HashMap<>();
  private Path directory = Path.of("/");
  private boolean seekable = true;
  private Optional<Instant> deadline = Optional.empty();
  private Function<List<String>, Execution> programs =
      argv -> {
        throw new AssertionError("no program was expected: " + argv);
      };

  /** The queue that the program injects into. */
  public final RecordingQueue queue = new RecordingQueue();

  /** Empty input, descriptors 0, 1 and 2 open, nothing in the environment. */
  public TestContext(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
    input(0, "");
    outputs.put(1, new ByteArrayOutputStream());
    outputs.put(2, new ByteArrayOutputStream());
  }

  /** Sets descriptor 0. */
  public TestContext stdin(String text) {
    return input(0, text);
  }

  /** Makes descriptor 0 fail at its first octet, as a bad disk does. */
  public TestContext unreadable() {
    return input(
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }
        });
  }

  /** Sets descriptor 0. */
  public TestContext input(InputStream stream) {
    open.put(0, stream);
    return this;
  }

  /** Opens a descriptor for reading. */
  public TestContext input(int descriptor, String text) {
    inputs.put(descriptor, Vectors.bytes(text));
    open.remove(descriptor);
    return this;
  }

  /** Makes descriptor 0 a pipe. */
  public TestContext pipe() {
    seekable = false;
    return this;
  }

  /** Opens a descriptor for writing. */
  public TestContext output(int descriptor, ByteArrayOutputStream stream) {
    outputs.put(descriptor, stream);
    return this;
  }

  /** Sets variables. */
  public TestContext with(Map<String, ?> variables) {
    variables.forEach((name, value) -> environment.put(name, value.toString()));
    return this;
  }

  /** Sets the working directory. */
  public TestContext in(Path path) {
    directory = path;
    return this;
  }

  /** Sets when the caller gives up. */
  public TestContext until(Instant instant) {
    deadline = Optional.of(instant);
    return this;
  }

  /** Sets what {@link #execution} gives. */
  public TestContext programs(Function<List<String>, Execution> runner) {
    programs = runner;
    return this;
  }

  /** What was written to descriptor 1. */
  public String stdout() {
    return written(1);
  }

  /** What was written to descriptor 2. */
  public String stderr() {
    return written(2);
  }

  /** What was written to a descriptor. */
  public String written(int descriptor) {
    return outputs.get(descriptor).toString(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public InputStream in() {
    return input(0).orElseGet(InputStream::nullInputStream);
  }

  @Override
  public void rewind() throws IOException {
    if (!seekable) {
      throw new IOException("Illegal seek");
    }
    open.remove(0);
  }

  @Override
  public OutputStream out() {
    return output(1).orElseGet(OutputStream::nullOutputStream);
  }

  @Override
  public OutputStream err() {
    return output(2).orElseGet(OutputStream::nullOutputStream);
  }

  @Override
  public Optional<InputStream> input(int descriptor) {
    return Optional.ofNullable(inputs.get(descriptor))
        .map(bytes -> open.computeIfAbsent(descriptor, d -> new ByteArrayInputStream(bytes)));
  }

  @Override
  public Optional<OutputStream> output(int descriptor) {
    return Optional.ofNullable(outputs.get(descriptor));
  }

  @Override
  public MailQueue queue() {
    return queue;
  }

  @Override
  public Execution execution(List<String> argv) {
    return programs.apply(argv);
  }

  @Override
  public Optional<Instant> deadline() {
    return deadline;
  }
}
