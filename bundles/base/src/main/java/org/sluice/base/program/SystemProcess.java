package org.sluice.base.program;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.sluice.api.program.Descriptors;

/** A program of the operating system, with the descriptors, environment and user of a run. */
final class SystemProcess {

  /** Descriptors that Java does not pass on: checkpassword's 3, qmail-queue's 6, and between. */
  private static final int[] FURTHER = {3, 4, 5, 6};

  /** Open for reading in one case: qmail-queue takes its envelope from it. */
  private static final int STANDARD_OUTPUT = 1;

  /** After the end of the program, for output that a child it left behind may still hold open. */
  private static final long OUTPUT_MILLIS = 1_000;

  private static final File NOWHERE = new File("/dev/null");

  private final List<String> argv;
  private final Map<String, String> environment;
  private final ProgramFile file;
  private final Descriptors descriptors;
  private final Optional<Path> input;
  private final Optional<Instant> deadline;
  private boolean tellSignals;
  private Optional<LongConsumer> toldProcess = Optional.empty();

  /**
   * One process.
   *
   * @param file finds the file of {@code argv}, and knows directory and user
   * @param input a file that is opened anew as descriptor 0, for the program to seek in
   */
  SystemProcess(
      List<String> argv,
      Map<String, String> environment,
      ProgramFile file,
      Descriptors descriptors,
      Optional<Path> input,
      Optional<Instant> deadline) {
    this.argv = argv;
    this.environment = environment;
    this.file = file;
    this.descriptors = descriptors;
    this.input = input;
    this.deadline = deadline;
  }

  /** As {@link org.sluice.api.program.Execution#tellSignals}. */
  SystemProcess tellSignals() {
    tellSignals = true;
    return this;
  }

  /** As {@link org.sluice.api.program.Execution#tellProcess}. */
  SystemProcess tellProcess(Optional<LongConsumer> told) {
    toldProcess = told;
    return this;
  }

  int run() throws IOException, InterruptedException {
    List<String> command = command();
    var script = new ShellScript().export(environment);
    if (numbered()) {
      script.number();
    }
    List<Copier> outputs = new ArrayList<>();
    boolean copied = copied(STANDARD_OUTPUT);
    try (var fifos = new Fifos();
        var pipes = copied ? OwnPipes.open().orElse(null) : null) {
      boolean named =
          copied
              ? pipes == null
              : !descriptors.inherited() && descriptors.output(STANDARD_OUTPUT).isEmpty();
      boolean further = named && open(STANDARD_OUTPUT, script, fifos, outputs);
      for (int descriptor : FURTHER) {
        further |= open(descriptor, script, fifos, outputs);
      }
      for (int descriptor : descriptors.closed()) {
        script.close(descriptor);
        further = true;
      }
      boolean direct = !further && plain(command) && !tellSignals;
      var builder = new ProcessBuilder(direct ? command : words(script.exec(command)));
      builder.directory(file.directory().toFile());
      builder.environment().clear();
      environment.forEach(
          (name, value) -> {
            if (ShellScript.ascii(name + value) && !name.isEmpty()) {
              builder.environment().put(name, value);
            }
          });
      Process process = pipes == null ? start(builder, outputs) : start(builder, pipes, outputs);
      int status = await(process, outputs);
      if (toldProcess.isPresent()) {
        toldProcess.get().accept(numbered() ? number(process) : process.pid());
      }
      return status;
    }
  }

  /**
   * Whether the program's number differs from that of the process that is started, so that it comes
   * through descriptor 1, which is not the program's own then.
   */
  private boolean numbered() throws IOException {
    return tellSignals
        && toldProcess.isPresent()
        && !descriptors.inherited()
        && descriptors.output(STANDARD_OUTPUT).isEmpty();
  }

  private static long number(Process process) throws IOException {
    try (var lines = process.inputReader(StandardCharsets.ISO_8859_1)) {
      String line = lines.readLine();
      return line == null ? process.pid() : Long.parseLong(line); // null: none of it has run
    }
  }

  private List<String> words(String script) {
    return tellSignals ? ToldSignals.command(script) : List.of("/bin/sh", "-c", script);
  }

  private boolean copied(int descriptor) throws IOException {
    return !descriptors.inherited()
        && descriptors.output(descriptor).orElse(null) instanceof CopiedOutput;
  }

  private boolean plain(List<String> command) {
    return command.stream().allMatch(ShellScript::ascii)
        && environment.values().stream().allMatch(ShellScript::ascii);
  }

  /** The words with the file of the program, behind setpriv if the user changes. */
  private List<String> command() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    file.user().ifPresent(user -> command.addAll(user.become()));
    command.add(file.find(argv.get(0)));
    command.addAll(argv.subList(1, argv.size()));
    return command;
  }

  private boolean open(int descriptor, ShellScript script, Fifos fifos, List<Copier> outputs)
      throws IOException, InterruptedException {
    Optional<InputStream> in = descriptors.input(descriptor);
    Optional<OutputStream> out = descriptors.output(descriptor);
    if (in.isEmpty() && out.isEmpty()) {
      return false;
    }
    if (descriptors.inherited()) {
      String own = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
      script.open(descriptor, in.isPresent() ? "<" : ">", own);
      return true;
    }
    Path fifo = fifos.make(descriptor);
    if (in.isPresent()) {
      script.open(descriptor, "<", fifo.toString());
      Copier.feed(in.get(), () -> Files.newOutputStream(fifo));
    } else {
      script.open(descriptor, ">", fifo.toString());
      // Not as Files does it, whose channels no interrupt closes.
      Copier.Source<InputStream> opened = () -> Channels.newInputStream(FileChannel.open(fifo));
      outputs.add(Copier.drain(opened, out.get()));
    }
    return true;
  }

  private Process start(ProcessBuilder builder, List<Copier> outputs) throws IOException {
    if (descriptors.inherited()) {
      return builder.inheritIO().start();
    }
    if (descriptors instanceof ConnectionDescriptors connection) {
      Optional<InheritedSocket> socket = connection.inheritable();
      if (socket.isPresent()) {
        Process process = start(builder, socket.get(), outputs);
        connection.handedOver();
        return process;
      }
    }
    Optional<InputStream> in = input(builder);
    Optional<OutputStream> out =
        copied(STANDARD_OUTPUT) ? Optional.empty() : descriptors.output(STANDARD_OUTPUT);
    Optional<OutputStream> err = descriptors.output(2);
    if (out.isEmpty() && !numbered()) {
      builder.redirectOutput(Redirect.appendTo(NOWHERE));
    }
    boolean one = out.isPresent() && same(out.get(), err);
    builder.redirectErrorStream(one);
    if (err.isEmpty()) {
      builder.redirectError(Redirect.appendTo(NOWHERE));
    }
    Process process = builder.start();
    in.ifPresent(stream -> Copier.feed(stream, process::getOutputStream));
    out.ifPresent(to -> outputs.add(Copier.drain(process::getInputStream, to)));
    err.filter(to -> !one).ifPresent(to -> outputs.add(Copier.drain(process::getErrorStream, to)));
    return process;
  }

  /** What is to be fed to the process, which is empty if it has its descriptor 0. */
  private Optional<InputStream> input(ProcessBuilder builder) throws IOException {
    if (input.isPresent()) {
      builder.redirectInput(input.get().toFile());
      return Optional.empty();
    }
    Optional<InputStream> in = descriptors.input(0);
    if (in.isEmpty()) {
      builder.redirectInput(NOWHERE);
    }
    return in;
  }

  /** What goes to one stream comes through one pipe, in the order in which it is written. */
  private static boolean same(OutputStream out, Optional<OutputStream> err) {
    return err.isPresent() && err.get() == out;
  }

  /** With a connection. */
  private Process start(ProcessBuilder builder, InheritedSocket socket, List<Copier> outputs)
      throws IOException {
    try (socket) {
      socket.redirect(builder);
      return startLasting(builder, outputs);
    }
  }

  /** With pipes, whose ends are closed by the caller when the run ends. */
  private Process start(ProcessBuilder builder, OwnPipes pipes, List<Copier> outputs)
      throws IOException {
    pipes.redirect(builder);
    Optional<InputStream> in = input(builder);
    OutputStream out = descriptors.output(STANDARD_OUTPUT).orElseThrow();
    builder.redirectErrorStream(same(out, descriptors.output(2)));
    Process process = startLasting(builder, outputs);
    pipes.started();
    in.ifPresent(stream -> Copier.feed(stream, pipes::input));
    outputs.add(Copier.drain(pipes::output, out));
    return process;
  }

  /** Descriptor 2 must outlive this process, as descriptors 0 and 1 do, where it can. */
  private Process startLasting(ProcessBuilder builder, List<Copier> outputs) throws IOException {
    Optional<OutputStream> err = descriptors.output(2);
    if (err.isEmpty()) {
      builder.redirectError(Redirect.appendTo(NOWHERE));
    } else if (err.get() instanceof FileOutputStream own && own.getFD() == FileDescriptor.err) {
      builder.redirectError(Redirect.INHERIT);
    }
    Process process = builder.start();
    if (builder.redirectError() == Redirect.PIPE && !builder.redirectErrorStream()) {
      outputs.add(Copier.drain(process::getErrorStream, err.orElseThrow()));
    }
    return process;
  }

  private int await(Process process, List<Copier> outputs)
      throws IOException, InterruptedException {
    boolean ended = false;
    try {
      if (deadline.isPresent()) {
        long left = Duration.between(Instant.now(), deadline.get()).toMillis();
        if (!process.waitFor(Math.max(0, left), TimeUnit.MILLISECONDS)) {
          throw late();
        }
      }
      int status = process.waitFor();
      ended = true;
      for (Copier output : outputs) {
        if (!output.await(OUTPUT_MILLIS, descriptors.linger(), deadline)) {
          throw late();
        }
      }
      return status;
    } finally {
      outputs.forEach(Copier::leave);
      if (!ended) {
        // The program first, or it would start others in place of its children.
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private InterruptedIOException late() {
    return new InterruptedIOException(argv.get(0) + ": not done by its deadline");
  }
}
