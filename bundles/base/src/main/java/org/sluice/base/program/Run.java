package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;

/** One program about to be run: ours in process, else the operating system's. */
public final class Run implements Execution {
  private final ProgramSource source;
  private final List<String> argv;
  private Descriptors outer;
  private final Map<Integer, InputStream> inputs = new HashMap<>();
  private final Map<Integer, OutputStream> outputs = new HashMap<>();
  private final Map<String, String> callers;
  private Map<String, String> environment;
  private boolean pathexec;
  private boolean tellSignals;
  private Optional<LongConsumer> toldProcess = Optional.empty();
  private Path directory;
  private Optional<Instant> deadline;
  private Optional<MessageSource> message = Optional.empty();
  private Optional<SystemUser> user = Optional.empty();

  /** Begins with these; {@code argv} has at least the program's name. */
  public Run(
      ProgramSource source,
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      Descriptors descriptors,
      Optional<Instant> deadline) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("no program to run");
    }
    this.source = source;
    this.argv = List.copyOf(argv);
    this.callers = Map.copyOf(environment);
    this.environment = callers;
    this.directory = directory;
    this.outer = descriptors;
    this.deadline = deadline;
  }

  @Override
  public Execution environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  @Override
  public Execution directory(Path path) {
    directory = path;
    return this;
  }

  @Override
  public Execution descriptors(Descriptors descriptors) {
    outer = descriptors;
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
    user = Optional.of(new SystemUser(uid, gid));
    return this;
  }

  @Override
  public Execution pathexec() {
    pathexec = true;
    return this;
  }

  @Override
  public Execution tellSignals() {
    tellSignals = true;
    return this;
  }

  @Override
  public Execution tellProcess(LongConsumer told) {
    toldProcess = Optional.of(told);
    return this;
  }

  @Override
  public Execution deadline(Instant instant) {
    deadline = Optional.of(instant);
    return this;
  }

  @Override
  public int run() throws IOException, InterruptedException {
    boolean nothingOpened = inputs.isEmpty() && outputs.isEmpty() && message.isEmpty();
    var opened = new OpenedDescriptors(outer, inputs, outputs, message);
    Descriptors descriptors = nothingOpened ? outer : opened;
    String name = argv.get(0);
    try {
      boolean otherUser = user.isPresent() && !user.get().isOwn();
      if (!otherUser && name.indexOf('/') < 0) {
        var arguments = argv.subList(1, argv.size());
        var ours = descriptors instanceof ConnectionDescriptors c ? c.kept() : descriptors;
        var context = new RunContext(source, arguments, environment, directory, ours, deadline);
        OptionalInt status = source.run(name, context);
        if (status.isPresent()) {
          toldProcess.ifPresent(told -> told.accept(ProcessHandle.current().pid()));
          return tellSignals ? ToldSignals.exit(status.getAsInt()) : status.getAsInt();
        }
      }
      String path =
          (pathexec ? callers : environment).getOrDefault("PATH", ProgramFile.DEFAULT_PATH);
      var file = new ProgramFile(path, directory, user.filter(u -> otherUser), pathexec);
      var process =
          new SystemProcess(argv, environment, file, descriptors, opened.file(), deadline)
              .tellProcess(toldProcess);
      return tellSignals ? process.tellSignals().run() : process.run();
    } finally {
      opened.close();
    }
  }
}
