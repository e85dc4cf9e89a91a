package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.delivery.command.internal.ShellAgent;
import org.sluice.delivery.forward.internal.ForwardAgent;
import org.sluice.delivery.maildir.internal.MaildirAgent;
import org.sluice.delivery.mbox.internal.MboxAgent;

/** The agents of the distribution. */
final class AllAgents {
  private AllAgents() {}

  static Agents make() throws IOException {
    var agents = new Agents(Duration.ofSeconds(30));
    add(agents, "maildir", new MaildirAgent());
    add(agents, "mbox", new MboxAgent());
    add(agents, "command", new ShellAgent(Duration.ofMinutes(5)));
    add(agents, "forward", new ForwardAgent());
    return agents;
  }

  static void add(Agents agents, String kind, DeliveryAgent agent) {
    agents.addAgent(agent, Map.of(DeliveryAgent.AGENT, kind));
  }
}
