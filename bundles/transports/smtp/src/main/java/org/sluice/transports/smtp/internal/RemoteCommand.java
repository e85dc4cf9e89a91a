package org.sluice.transports.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Child;
import org.sluice.base.SystemError;
import org.sluice.base.program.CopiedOutput;
import org.sluice.base.program.GivenPrograms;

/**
 * qmail-remote as a program, or what takes its place: how qmail-rspawn runs it and what comes of it
 * (spec 10 section 12.5). Thread-safe.
 */
final class RemoteCommand {
  /** Names the program that takes its place. */
  static final String VARIABLE = "QMAILREMOTE";

  static final String PROGRAM = "qmail-remote";

  private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);

  private final String program;
  private final Function<List<String>, Execution> execution;

  /**
   * A program.
   *
   * @param execution begins a run of the words, where it is to be run
   */
  RemoteCommand(String program, Function<List<String>, Execution> execution) {
    this.program = program;
    this.execution = execution;
  }

  /**
   * What an environment of qmail-start names, if it does.
   *
   * @param home its working directory
   */
  static Optional<RemoteCommand> given(Map<String, String> environment, Supplier<Path> home) {
    var programs = new GivenPrograms(environment, home);
    return programs.named(VARIABLE).map(program -> new RemoteCommand(program, programs::execution));
  }

  /** One delivery; an interrupt kills the program. */
  DeliveryResult deliver(String host, String sender, String recipient, MessageSource message)
      throws InterruptedException {
    var output = new Output();
    int status;
    try {
      status =
          execution
              .apply(List.of(program, host, sender, recipient))
              .descriptors(Descriptors.NONE)
              .message(message)
              .output(1, output)
              .output(2, output)
              .run();
    } catch (IOException e) {
      LOG.warn("no {}", program, e);
      status = forGood(e) ? ExitCode.PERMANENT : ExitCode.TEMPORARY;
    }
    if (Child.crashed(status)) {
      return new DeliveryResult.TempFail("qmail-remote crashed.\n");
    }
    return switch (status) {
      case ExitCode.OK ->
          output.full()
              ? new DeliveryResult.TempFail("qmail-spawn out of memory. (#4.3.0)\n")
              : Condensed.of(output.text(), false, false);
      case ExitCode.TEMPORARY -> new DeliveryResult.TempFail("Unable to run qmail-remote.\n");
      default -> new DeliveryResult.PermFail("Unable to run qmail-remote.\n");
    };
  }

  /** Not if ours is missing: its bundle may be about to be replaced. */
  private boolean forGood(IOException e) {
    return e instanceof FileSystemException
        && !SystemError.temporary(e)
        && !(e instanceof NoSuchFileException && program.equals(PROGRAM));
  }

  /** The pipe behind the program, heard to its end. */
  private static final class Output extends OutputStream implements CopiedOutput {
    private static final int LIMIT = 1 << 24;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private boolean full;

    @Override
    public synchronized void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      full |= length > LIMIT - octets.size();
      if (!full) {
        octets.write(bytes, offset, length);
      }
    }

    /** Whether there was more than anybody could want to know. */
    synchronized boolean full() {
      return full;
    }

    synchronized String text() {
      return octets.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
