package org.sluice.admin.splogger.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;

/**
 * Runs logger(1) as long as there may be lines. One that ends before is replaced after a pause, as
 * one that cannot be started is: a second, twice as long each time, up to a minute. Meanwhile
 * {@link Pending} keeps the first lines and drops the others; those that the logger had read and
 * not sent are lost with it.
 *
 * <p>What was wrong is said on descriptor 2, in one line, and not again until a logger has run for
 * a minute, unless something else is wrong then.
 *
 * <p>No syslog daemon is no trouble: logger drops what it cannot send, silently, and connects again
 * for each line, as syslog(3) does.
 */
final class Loggers implements Runnable {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** After which a logger is one that works. */
  static final Duration STEADY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Loggers.class);

  /** Waits between two loggers. */
  @FunctionalInterface
  interface Pause {
    /** Waits this long, or until there are no more lines to come. */
    void wait(Duration time) throws InterruptedException;
  }

  private final ProgramContext context;
  private final List<String> command;
  private final Pending pending;
  private final LongSupplier nanos;
  private final Pause pause;

  Loggers(ProgramContext context, String tag, Pending pending, LongSupplier nanos, Pause pause) {
    this.context = context;
    // Else logger ends where systemd runs and its socket is away.
    this.command = List.of("logger", "-t", tag, "--prio-prefix", "--socket-errors=off");
    this.pending = pending;
    this.nanos = nanos;
    this.pause = pause;
  }

  /** Returns when all lines were given to a logger that has ended, or when interrupted. */
  @Override
  public void run() {
    Duration time = FIRST_PAUSE;
    String said = "";
    try {
      while (!pending.done()) {
        boolean last = pending.ended();
        long start = nanos.getAsLong();
        String trouble = once();
        if (nanos.getAsLong() - start >= STEADY.toNanos()) {
          time = FIRST_PAUSE;
          said = "";
        }
        if (!trouble.isEmpty() && !trouble.equals(said)) {
          say(trouble);
        }
        said = trouble;
        if (last || pending.done()) {
          return;
        }
        pause.wait(time);
        Duration twice = time.multipliedBy(2);
        time = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      LOG.debug("logger has not taken all", e);
    }
  }

  /** Runs one; what was wrong with it, or nothing. */
  private String once() throws InterruptedException {
    var error = new FirstLine();
    try (var feed = pending.open()) {
      int status =
          context
              .execution(command)
              .descriptors(Descriptors.NONE)
              .input(0, feed)
              .output(2, error)
              .run();
      if (status == ExitCode.OK && pending.done()) {
        return "";
      }
      String why = error.toString();
      return "logger has ended with status " + status + (why.isEmpty() ? "" : ": " + why);
    } catch (IOException e) {
      if (Thread.interrupted()) { // while a program of ours read
        throw new InterruptedException(e.getMessage());
      }
      return "unable to run logger: " + Child.why(e);
    } catch (RuntimeException e) { // a PATH that is none to the JVM: the log is read all the same
      return "unable to run logger: " + e;
    }
  }

  private void say(String trouble) {
    String line = "warning: " + trouble + "; lines are lost until it runs";
    try {
      new ProgramExit(ExitCode.OK, List.of(line)).say(context, "splogger");
    } catch (IOException e) {
      LOG.debug("nobody reads descriptor 2: {}", e.toString());
    }
  }
}
