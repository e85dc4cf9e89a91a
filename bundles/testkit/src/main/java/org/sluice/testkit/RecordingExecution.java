package org.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;

/** A program that a test plays; keeps with what it was run. */
public final class RecordingExecution implements Execution {
  /** What it does. */
  @FunctionalInterface
  public interface Body {
    /** Its exit status; a throw means that it could not be started. */
    int run(RecordingExecution execution) throws IOException, InterruptedException;
  }

  /** The words. */
  public final List<String> argv;

  /** The streams that were opened for reading. */
  public final Map<Integer, InputStream> inputs = new HashMap<>();

  /** The streams that were opened for writing. */
  public final Map<Integer, OutputStream> outputs = new HashMap<>();

  /** All descriptors, if they were replaced. */
  public Optional<Descriptors> descriptors = Optional.empty();

  /** The environment, if it was replaced. */
  public Optional<Map<String, String>> environment = Optional.empty();

  /** The directory, if it was changed. */
  public Optional<Path> directory = Optional.empty();

  /** What was opened as descriptor 0 to be begun again, if anything was. */
  public Optional<MessageSource> message = Optional.empty();

  /** The user as {@code uid:gid}, if it was changed. */
  public Optional<String> user = Optional.empty();

  /** Whether the statuses from 129 on are to be signals only. */
  public boolean tellSignals;

  /** The deadline, if it has one. */
  public Optional<Instant> deadline = Optional.empty();

  private final Body body;

  /** For {@link TestContext#programs} and hosts. */
  public RecordingExecution(List<String> argv, Body body) {
    this.argv = argv;
    this.body = body;
  }

  /** All that a descriptor gives. */
  public String read(int descriptor) throws IOException {
    return new String(
        inputs.get(descriptor).readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Override
  public Execution environment(Map<String, String> variables) {
    environment = Optional.of(variables);
    return this;
  }

  @Override
  public Execution directory(Path path) {
    directory = Optional.of(path);
    return this;
  }

  @Override
  public Execution descriptors(Descriptors all) {
    descriptors = Optional.of(all);
    return this;
  }

  @Override
  public Execution input(int descriptor, InputStream stream) {
    inputs.put(descriptor, stream);
    return this;
  }

  @Override
  public Execution message(MessageSource source) {
    message = Optional.of(source);
    return this;
  }

  @Override
  public Execution output(int descriptor, OutputStream stream) {
    outputs.put(descriptor, stream);
    return this;
  }

  @Override
  public Execution user(int uid, int gid) {
    user = Optional.of(uid + ":" + gid);
    return this;
  }

  @Override
  public Execution pathexec() {
    return this;
  }

  @Override
  public Execution tellSignals() {
    tellSignals = true;
    return this;
  }

  @Override
  public Execution tellProcess(LongConsumer told) {
    return this;
  }

  @Override
  public Execution deadline(Instant instant) {
    deadline = Optional.of(instant);
    return this;
  }

  @Override
  public int run() throws IOException, InterruptedException {
    return body.run(this);
  }
}
