package org.sluice.delivery.command.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.base.PathBytes;
import org.sluice.base.Threads;
import org.sluice.base.program.ProcessGroups;
import org.sluice.base.program.ShellScript;

/** Runs {@code /bin/sh -c} in a session of its own, so that all it starts can be killed with it. */
final class Shell {
  /** What the status of a program says that did not end by itself: as if killed by signal 9. */
  static final int KILLED = 137;

  private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final long OUTPUT_GRACE_MILLIS = 1000;
  private final ThreadFactory readers = Threads.platform("sluice-command-output-");
  private final Limits limits;
  private final boolean session = Files.isExecutable(SETSID);

  Shell(Limits limits) {
    this.limits = limits;
  }

  /** The exit status, 128 + n for signal n. */
  int run(Delivery delivery, Map<String, String> environment, File input)
      throws IOException, InterruptedException {
    Process process = builder(delivery, environment, input).start();
    List<Output> outputs = new ArrayList<>();
    outputs.add(new Output(process.getInputStream(), delivery.out()));
    if (delivery.err() != delivery.out()) {
      outputs.add(new Output(process.getErrorStream(), delivery.err()));
    }
    outputs.forEach(output -> readers.newThread(output).start());
    boolean ended = false;
    try {
      ended = process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        kill(process);
      }
      for (Output output : outputs) {
        output.finish(OUTPUT_GRACE_MILLIS);
      }
    }
    if (!ended) {
      LOG.warn("a program of {} was killed after {}", delivery.recipient(), limits.time());
      return KILLED;
    }
    return process.exitValue();
  }

  private ProcessBuilder builder(Delivery delivery, Map<String, String> environment, File input) {
    String home = PathBytes.bytes(delivery.user().home());
    List<String> command = new ArrayList<>();
    if (session) {
      command.add(SETSID.toString());
    }
    // qmail-local's umask; the JVM's own cannot be set from Java.
    String script =
        new ShellScript()
            .add("umask 077\n" + limits.script())
            .directory(home)
            .export(environment)
            .command(delivery.instruction());
    command.addAll(List.of("/bin/sh", "-c", script));
    var builder =
        new ProcessBuilder(command)
            .redirectInput(input)
            .redirectErrorStream(delivery.err() == delivery.out());
    if (ShellScript.ascii(home)) {
      builder.directory(delivery.user().home().toFile());
    }
    builder.environment().clear();
    environment.forEach(
        (name, value) -> {
          if (ShellScript.ascii(value)) {
            builder.environment().put(name, value);
          }
        });
    return builder;
  }

  /** All of its session that is still there, and what left the session but not the tree. */
  private void kill(Process process) {
    // The program first, or it would start others in place of its children.
    List<ProcessHandle> below = process.descendants().toList();
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    if (session) {
      ProcessGroups.kill(List.of(process.pid()));
    }
  }
}
