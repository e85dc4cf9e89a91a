package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.Decimal;
import org.sluice.base.RankedServices;
import org.sluice.base.SystemError;
import org.sluice.base.program.CopiedOutput;
import org.sluice.base.program.ExternalQueue;
import org.sluice.base.spawn.SpawnCommand;
import org.sluice.base.spawn.Spawner;

/** What qmail-lspawn does with a command (spec 10 sections 12.3 and 12.4). Thread-safe. */
final class LspawnDeliveries implements Spawner.Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(LspawnDeliveries.class);
  private static final String PROGRAM = "qmail-local";
  private final ProgramContext context;
  private final Path home;
  private final RankedServices<LocalTransport> channels;

  /**
   * For one run of qmail-lspawn.
   *
   * @param home the working directory of qmail-local
   */
  LspawnDeliveries(ProgramContext context, Path home, RankedServices<LocalTransport> channels) {
    this.context = context;
    this.home = home;
    this.channels = channels;
  }

  @Override
  public String program() {
    return PROGRAM;
  }

  /** The default delivery is the argument. */
  @Override
  public OptionalInt begin() {
    return context.arguments().isEmpty() ? OptionalInt.of(ExitCode.PERMANENT) : OptionalInt.empty();
  }

  @Override
  public DeliveryResult deliver(SpawnCommand command, MessageSource message)
      throws IOException, InterruptedException {
    var attempt =
        new Attempt(
            number(command.messageId()),
            new ReversePath(command.sender()),
            command.recipient(),
            message,
            queue());
    var order = new WorkerOrder(context.arguments().get(0), context.environment());
    return channels
        .ask(
            channel ->
                Optional.of(
                    channel.deliver(
                        attempt,
                        this::run,
                        (arguments, kept) -> channel.there(order, arguments, kept))))
        .orElseGet(() -> SpawnReport.of(SpawnReport.EXEC));
  }

  private static QueueId number(String messageId) {
    long number = Decimal.leading(messageId.substring(messageId.lastIndexOf('/') + 1));
    return new QueueId(Math.max(1, number)); // qmail's are positive
  }

  /** For forwards: as the context's, without the descriptors, which are the main thread's. */
  private MailQueue queue() {
    String program = context.environment().get("QMAILQUEUE");
    return program == null
        ? context.queue()
        : new ExternalQueue(program, argv -> context.execution(argv).descriptors(Descriptors.NONE));
  }

  /** The server's own account needs no other process. */
  private DeliveryResult run(Arguments arguments, Attempt attempt) throws InterruptedException {
    LocalUser user = arguments.user();
    List<String> argv =
        List.of(
            PROGRAM,
            "--",
            user.name(),
            arguments.home(),
            arguments.local(),
            user.dash(),
            user.extension(),
            arguments.domain(),
            arguments.sender(),
            context.arguments().get(0));
    var output = new Output();
    try {
      int status =
          context
              .execution(argv)
              .pathexec()
              .directory(home)
              .descriptors(Descriptors.NONE)
              .message(attempt.message())
              .output(1, output)
              .output(2, output)
              .run();
      return SpawnReport.of(new Exit(status), output.report.text());
    } catch (IOException e) {
      LOG.warn("message {}: no {}", attempt.id().value(), PROGRAM, e);
      return SpawnReport.of(forGood(e) ? SpawnReport.EXEC_HARD : SpawnReport.EXEC);
    }
  }

  /** Not if it is missing: its bundle may be about to be replaced. */
  private static boolean forGood(IOException e) {
    return e instanceof FileSystemException
        && !(e instanceof NoSuchFileException)
        && !SystemError.temporary(e);
  }

  /** The pipe behind qmail-local, heard to its end. */
  private static final class Output extends OutputStream implements CopiedOutput {
    private final Report report = new Report();

    @Override
    public void write(int octet) {
      report.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      report.write(octets, offset, length);
    }
  }
}
