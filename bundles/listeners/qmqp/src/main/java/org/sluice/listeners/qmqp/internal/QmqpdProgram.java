package org.sluice.listeners.qmqp.internal;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ListenerServices;
import org.sluice.base.ProgramConnection;

/** {@code qmail-qmqpd}: QMQP on descriptors 0 and 1. */
@Component(
    configurationPid = QmqpHandler.PID,
    property = {Program.NAME + "=qmail-qmqpd"})
public final class QmqpdProgram implements Program {
  private final ListenerServices services;
  private final QmqpConfig config;

  /** Serves with what is there at each moment. */
  @Activate
  public QmqpdProgram(@Reference ListenerServices services, QmqpConfig config) {
    this.services = services;
    this.config = config;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var connection = new ProgramConnection("qmail-qmqpd", context);
    var session =
        new QmqpSession(
            connection, services, () -> Optional.of(context.queue()), config.maxRecipients());
    return session.run();
  }
}
