package org.sluice.base.program;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
  private final Optional<Instant> deadline;

  /**
   * One process.
   *
   * @param file finds the file of {@code argv}, and knows directory and user
   */
  SystemProcess(
      List<String> argv,
      Map<String, String> environment,
      ProgramFile file,
      Descriptors descriptors,
      Optional<Instant> deadline) {
    this.argv = argv;
    this.environment = environment;
    this.file = file;
    this.descriptors = descriptors;
    this.deadline = deadline;
  }

  int run() throws IOException, InterruptedException {
    List<String> command = command();
    var script = new ShellScript().export(environment);
    List<Copier> outputs = new ArrayList<>();
    try (var fifos = new Fifos()) {
      boolean further =
          !descriptors.inherited()
              && descriptors.output(STANDARD_OUTPUT).isEmpty()
              && open(STANDARD_OUTPUT, script, fifos, outputs);
      for (int descriptor : FURTHER) {
        further |= open(descriptor, script, fifos, outputs);
      }
      for (int descriptor : descriptors.closed()) {
        script.close(descriptor);
        further = true;
      }
      boolean direct = !further && plain(command);
      var builder =
          new ProcessBuilder(direct ? command : List.of("/bin/sh", "-c", script.exec(command)));
      builder.directory(file.directory().toFile());
      builder.environment().clear();
      environment.forEach(
          (name, value) -> {
            if (ShellScript.ascii(name + value) && !name.isEmpty()) {
              builder.environment().put(name, value);
            }
          });
      Process process = start(builder, outputs);
      return await(process, outputs);
    }
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
      outputs.add(Copier.drain(() -> Files.newInputStream(fifo), out.get()));
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
    Optional<InputStream> in = descriptors.input(0);
    Optional<OutputStream> out = descriptors.output(1);
    Optional<OutputStream> err = descriptors.output(2);
    if (in.isEmpty()) {
      builder.redirectInput(NOWHERE);
    }
    if (out.isEmpty()) {
      builder.redirectOutput(Redirect.appendTo(NOWHERE));
    }
    if (err.isEmpty()) {
      builder.redirectError(Redirect.appendTo(NOWHERE));
    }
    Process process = builder.start();
    in.ifPresent(stream -> Copier.feed(stream, process::getOutputStream));
    out.ifPresent(to -> outputs.add(Copier.drain(process::getInputStream, to)));
    err.ifPresent(to -> outputs.add(Copier.drain(process::getErrorStream, to)));
    return process;
  }

  /** With a connection; descriptor 2 must outlive this process too where it can. */
  private Process start(ProcessBuilder builder, InheritedSocket socket, List<Copier> outputs)
      throws IOException {
    try (socket) {
      socket.redirect(builder);
      Optional<OutputStream> err = descriptors.output(2);
      if (err.isEmpty()) {
        builder.redirectError(Redirect.appendTo(NOWHERE));
      } else if (err.get() instanceof FileOutputStream own && own.getFD() == FileDescriptor.err) {
        builder.redirectError(Redirect.INHERIT);
      }
      Process process = builder.start();
      if (builder.redirectError() == Redirect.PIPE) {
        outputs.add(Copier.drain(process::getErrorStream, err.orElseThrow()));
      }
      return process;
    }
  }

  private int await(Process process, List<Copier> outputs)
      throws IOException, InterruptedException {
    boolean ended = false;
    try {
      if (deadline.isPresent()) {
        long left = Duration.between(Instant.now(), deadline.get()).toMillis();
        if (!process.waitFor(Math.max(0, left), TimeUnit.MILLISECONDS)) {
          throw new InterruptedIOException(argv.get(0) + ": not done by its deadline");
        }
      }
      int status = process.waitFor();
      ended = true;
      for (Copier output : outputs) {
        output.await(OUTPUT_MILLIS, descriptors.linger());
      }
      return status;
    } finally {
      if (!ended) {
        // The program first, or it would start others in place of its children.
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }
}
