package org.sluice.transports.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.SystemError;
import org.sluice.base.program.CopiedOutput;
import org.sluice.base.spawn.SpawnCommand;
import org.sluice.base.spawn.Spawner;

/** What qmail-rspawn does with a command (spec 10 section 12.5). Thread-safe. */
final class RspawnDeliveries implements Spawner.Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(RspawnDeliveries.class);
  private static final String PROGRAM = "qmail-remote";
  private final ProgramContext context;
  private final Path directory;
  private final Runnable forget;
  private final String program;

  /**
   * For one run of qmail-rspawn.
   *
   * @param forget empties the table of timeouts
   */
  RspawnDeliveries(ProgramContext context, Path home, Runnable forget) {
    this.context = context;
    this.directory = home.resolve("queue/mess");
    this.forget = forget;
    this.program = context.environment().getOrDefault("QMAILREMOTE", PROGRAM);
  }

  @Override
  public String program() {
    return PROGRAM;
  }

  @Override
  public OptionalInt begin() {
    forget.run();
    return OptionalInt.empty();
  }

  @Override
  public DeliveryResult deliver(SpawnCommand command, MessageSource message)
      throws InterruptedException {
    var output = new Output();
    int status;
    try {
      status =
          context
              .execution(List.of(program, command.host(), command.sender(), command.recipient()))
              .directory(directory)
              .descriptors(Descriptors.NONE)
              .message(message)
              .output(1, output)
              .output(2, output)
              .run();
    } catch (IOException e) {
      LOG.warn("message {}: no {}", command.messageId(), program, e);
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

  /** The pipe behind qmail-remote, heard to its end. */
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
