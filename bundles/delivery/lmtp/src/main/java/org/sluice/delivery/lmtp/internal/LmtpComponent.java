package org.sluice.delivery.lmtp.internal;

import java.io.IOException;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.HostName;

/** The LMTP agent in the server. */
@Component(
    property = {
      DeliveryAgent.AGENT + "=lmtp",
      DeliveryAgent.AS_USER + "=org.sluice.delivery.lmtp.internal.LmtpAgent"
    },
    configurationPid = "org.sluice.delivery.lmtp")
@Designate(ocd = LmtpComponent.Config.class)
public final class LmtpComponent implements DeliveryAgent {
  /** Limits. */
  @ObjectClassDefinition(name = "Sluice LMTP agent")
  public @interface Config {
    @AttributeDefinition(description = "Seconds to wait for a connection")
    long connectSeconds() default 30;

    @AttributeDefinition(description = "Seconds to wait for a reply; for the last one twice that")
    long replySeconds() default 300;
  }

  private final LmtpAgent agent;

  /** By Declarative Services. */
  @Activate
  public LmtpComponent(Config config) throws IOException {
    this.agent =
        new LmtpAgent(
            Duration.ofSeconds(config.connectSeconds()),
            Duration.ofSeconds(config.replySeconds()),
            HostName.get());
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    return agent.deliver(delivery);
  }
}
