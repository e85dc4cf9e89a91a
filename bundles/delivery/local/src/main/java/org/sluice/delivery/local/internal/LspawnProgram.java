package org.sluice.delivery.local.internal;

import java.io.IOException;
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
 * {@code qmail-lspawn defaultdelivery}: the local channel of a real qmail-send, for the messages in
 * its queue (spec 10 section 12). It runs as long as qmail-send does, and asks for the channel with
 * each delivery, so that a new configuration replaces the one without the other.
 */
@Component(property = {Program.NAME + "=qmail-lspawn", Program.DAEMON + ":Boolean=true"})
public final class LspawnProgram implements Program {
  private final RankedServices<LocalTransport> channels = new RankedServices<>(Uses.DELIVERY);
  private final Path home;

  /** By Declarative Services; {@code sluice.home} is the home directory. */
  @Activate
  public LspawnProgram(BundleContext context) {
    this(Path.of(context.getProperty("sluice.home")));
  }

  LspawnProgram(Path home) {
    this.home = home;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addChannel(LocalTransport channel, Map<String, ?> properties) {
    channels.add(channel, properties);
  }

  void removeChannel(LocalTransport channel) {
    channels.remove(channel);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return Spawner.run(context, home, new LspawnDeliveries(context, home, channels));
  }
}
