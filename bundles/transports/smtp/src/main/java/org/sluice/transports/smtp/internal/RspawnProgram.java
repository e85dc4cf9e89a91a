package org.sluice.transports.smtp.internal;

import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.spawn.Spawner;

/**
 * {@code qmail-rspawn}: the remote channel of a real qmail-send, for the messages in its queue
 * (spec 10 section 12). It runs as long as qmail-send does.
 */
@Component(property = Program.NAME + "=qmail-rspawn")
public final class RspawnProgram implements Program {
  private final Path home;
  private final SmtpClient client;

  /** With the table of timeouts of this client. */
  @Activate
  public RspawnProgram(@Reference Control control, @Reference SmtpClient client) {
    this(control.home(), client);
  }

  RspawnProgram(Path home, SmtpClient client) {
    this.home = home;
    this.client = client;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    return Spawner.run(context, home, new RspawnDeliveries(context, home, client::clearTimeouts));
  }
}
