package org.sluice.transports.smtp.internal;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.spawn.SpawnCommand;
import org.sluice.base.spawn.Spawner;

/** What qmail-rspawn does with a command (spec 10 section 12.5). Thread-safe. */
final class RspawnDeliveries implements Spawner.Deliveries {
  private final RemoteCommand remote;
  private final Runnable forget;

  /**
   * For one run of qmail-rspawn.
   *
   * @param forget empties the table of timeouts
   */
  RspawnDeliveries(ProgramContext context, Path home, Runnable forget) {
    Path directory = home.resolve("queue/mess");
    this.remote =
        new RemoteCommand(
            context.environment().getOrDefault(RemoteCommand.VARIABLE, RemoteCommand.PROGRAM),
            argv -> context.execution(argv).directory(directory));
    this.forget = forget;
  }

  @Override
  public String program() {
    return RemoteCommand.PROGRAM;
  }

  @Override
  public OptionalInt begin() {
    forget.run();
    return OptionalInt.empty();
  }

  @Override
  public DeliveryResult deliver(SpawnCommand command, MessageSource message)
      throws InterruptedException {
    return remote.deliver(command.host(), command.sender(), command.recipient(), message);
  }
}
