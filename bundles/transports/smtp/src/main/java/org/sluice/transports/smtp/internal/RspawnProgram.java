package org.sluice.transports.smtp.internal;

import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.RankedServices;
import org.sluice.base.Uses;
import org.sluice.base.spawn.Spawner;

/**
 * {@code qmail-rspawn}: the remote channel of a real qmail-send, for the messages in its queue
 * (spec 10 section 12). It runs as long as qmail-send does.
 */
@Component(property = {Program.NAME + "=qmail-rspawn", Program.DAEMON + ":Boolean=true"})
public final class RspawnProgram implements Program {
  private final RankedServices<SmtpClient> clients = new RankedServices<>(Uses.DELIVERY);
  private final Path home;

  /** By Declarative Services; {@code sluice.home} is the home directory. */
  @Activate
  public RspawnProgram(BundleContext context) {
    this(Path.of(context.getProperty("sluice.home")));
  }

  RspawnProgram(Path home) {
    this.home = home;
  }

  /**
   * Whose table of timeouts it empties; not one for all its life, which ends with a new setting.
   */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addClient(SmtpClient client, Map<String, ?> properties) {
    clients.add(client, properties);
  }

  void removeClient(SmtpClient client) {
    clients.remove(client);
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var deliveries =
        new RspawnDeliveries(context, home, () -> clients.forEach(SmtpClient::clearTimeouts));
    return Spawner.run(context, home, deliveries);
  }
}
