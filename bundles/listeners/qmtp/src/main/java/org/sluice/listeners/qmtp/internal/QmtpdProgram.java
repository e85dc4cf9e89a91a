package org.sluice.listeners.qmtp.internal;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ListenerServices;
import org.sluice.base.ProgramConnection;

/** {@code qmail-qmtpd}: QMTP on descriptors 0 and 1. */
@Component(
    configurationPid = QmtpHandler.PID,
    property = {Program.NAME + "=qmail-qmtpd"})
public final class QmtpdProgram implements Program {
  private final ListenerServices services;
  private final QmtpConfig config;

  /** Serves with what is there at each moment. */
  @Activate
  public QmtpdProgram(@Reference ListenerServices services, QmtpConfig config) {
    this.services = services;
    this.config = config;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var connection = new ProgramConnection("qmail-qmtpd", context);
    var session =
        new QmtpSession(
            connection, services, () -> Optional.of(context.queue()), config.maxRecipients());
    return session.run();
  }
}
