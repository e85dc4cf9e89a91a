package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramConnection;

/** SMTP on descriptors 0 and 1. */
@Component(property = Program.NAME + "=qmail-smtpd")
public final class SmtpdProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpdProgram.class);

  private final Services services;

  /** Serves with what is there at each moment. */
  @Activate
  public SmtpdProgram(@Reference Services services) {
    this.services = services;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var connection = new ProgramConnection("qmail-smtpd", context);
    var session =
        new SmtpSession(connection, false, services, environment -> Optional.of(context.queue()));
    try {
      return session.run();
    } catch (IOException e) {
      // Read or written in vain: qmail-smtpd says nothing about it (spec 20 section 7.10).
      LOG.debug("the client is gone: {}", e.toString());
      return 1;
    }
  }
}
