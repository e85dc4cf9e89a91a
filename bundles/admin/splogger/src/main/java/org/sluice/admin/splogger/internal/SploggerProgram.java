package org.sluice.admin.splogger.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Decimal;
import org.sluice.base.Threads;

/**
 * {@code splogger [tag [facility]]}: copies lines from descriptor 0 to syslog (spec 10 section 14),
 * through one logger(1) for the whole run, as the JDK has no UNIX datagram sockets.
 *
 * <p>It reads to the end whatever becomes of the lines, for what writes the log is the mail server,
 * and would stop: {@link Pending} and {@link Loggers} say what is lost when. A read error is the
 * end, as in the original.
 *
 * <p>At the end a logger that takes nothing, or does not end, for some seconds is killed.
 */
@Component(property = {Program.NAME + "=splogger", Program.STANDALONE + ":Boolean=true"})
public final class SploggerProgram implements Program {
  /** For a logger that takes nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The same at the end. */
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(10);

  private static final int MAIL = 2;

  /** The facilities that logger takes end here; 0 is user to it. */
  private static final int LAST_FACILITY = 23;

  private static final int BLOCK = 8_192;
  private static final Logger LOG = LoggerFactory.getLogger(SploggerProgram.class);

  private final InstantSource clock;
  private final Duration patience;
  private final Duration lastPatience;

  /** With the system's clock. */
  public SploggerProgram() {
    this(InstantSource.system(), PATIENCE, LAST_PATIENCE);
  }

  /**
   * For tests.
   *
   * @param patience how long reading waits for a logger that takes nothing
   * @param lastPatience the same at the end
   */
  SploggerProgram(InstantSource clock, Duration patience, Duration lastPatience) {
    this.clock = clock;
    this.patience = patience;
    this.lastPatience = lastPatience;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    List<String> arguments = context.arguments();
    String tag = arguments.isEmpty() ? "splogger" : arguments.get(0);
    int facility = arguments.size() < 2 ? MAIL : facility(arguments.get(1));
    var pending = new Pending(patience);
    var loggers = new Loggers(context, tag, pending, System::nanoTime, pending::awaitEnd);
    Thread thread = Threads.platform("splogger-").newThread(loggers);
    thread.start();
    try {
      read(
          context.in(),
          new Lines(
              clock,
              (priority, text) -> {
                String line = "<" + (facility * 8 + priority) + ">" + text + "\n";
                pending.put(line.getBytes(StandardCharsets.US_ASCII));
              }));
      pending.end();
      await(thread, pending);
    } finally {
      thread.interrupt();
      thread.join();
    }
    return ExitCode.OK;
  }

  private static int facility(String text) {
    int number = Decimal.small(text);
    return number > LAST_FACILITY ? 0 : number;
  }

  private static void read(InputStream in, Lines lines) throws InterruptedException {
    byte[] block = new byte[BLOCK];
    try {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        lines.take(block, n);
      }
    } catch (IOException e) {
      LOG.debug("descriptor 0: {}", e.toString());
    }
  }

  /** Until all was logged, or nothing goes on any more. */
  private void await(Thread thread, Pending pending) throws InterruptedException {
    long before = -1;
    for (long now = pending.taken(); now != before && thread.isAlive(); now = pending.taken()) {
      before = now;
      thread.join(lastPatience.toMillis());
    }
  }
}
