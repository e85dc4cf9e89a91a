package org.sluice.tools.clean.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/**
 * {@code qmail-clean}: removes files of a qmail queue as qmail-send asks, who may not (spec 10
 * section 11). Needs nothing of the server, and runs as the calling user, to whom the files belong.
 */
@Component(property = {Program.NAME + "=qmail-clean", Program.STANDALONE + ":Boolean=true"})
public final class CleanProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(CleanProgram.class);

  /** Commands from one sweep of pid/ to the next. */
  private static final int ROUND = 31;

  private static final int BLOCK = 256;
  private final Path queue;
  private final InstantSource clock;

  /** For the queue in the home directory of these control files. */
  @Activate
  public CleanProgram(@Reference Control control) {
    this(control, InstantSource.system());
  }

  CleanProgram(Control control, InstantSource clock) {
    this.queue = control.home().resolve("queue");
    this.clock = clock;
  }

  @Override
  public int run(ProgramContext context) {
    if (!Files.isDirectory(queue) || !Files.isExecutable(queue)) {
      return ExitCode.TEMPORARY;
    }
    var files = new QueueFiles(queue);
    var in = new BufferedInputStream(context.in(), BLOCK);
    for (int round = 0; true; round = (round + 1) % ROUND) {
      if (round == 0) {
        files.sweep(clock.instant().getEpochSecond());
      }
      Optional<String> command = next(in);
      if (command.isEmpty()) {
        return ExitCode.OK;
      }
      String answer = new CleanCommand(command.get()).answer(files);
      try {
        context.out().write(answer.getBytes(StandardCharsets.US_ASCII));
        context.out().flush();
      } catch (IOException e) {
        LOG.debug("nobody takes the answer: {}", e.toString());
        return ExitCode.PERMANENT;
      }
    }
  }

  /**
   * What precedes the next NUL, as far as it matters; empty at the end, which a read that fails is
   * too.
   */
  private static Optional<String> next(InputStream in) {
    var command = new StringBuilder();
    try {
      for (int octet = in.read(); octet != 0; octet = in.read()) {
        if (octet < 0) {
          return Optional.empty();
        }
        if (command.length() < CleanCommand.LONGEST) {
          command.append((char) octet);
        }
      }
      return Optional.of(command.toString());
    } catch (IOException e) {
      LOG.debug("no more commands: {}", e.toString());
      return Optional.empty();
    }
  }
}
