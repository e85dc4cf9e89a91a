package org.sluice.listeners.qmqp.internal;

import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.ListenerServices;
import org.sluice.base.OperatorConfig;

/** QMQP on accepted connections. */
@Component(
    configurationPid = QmqpHandler.PID,
    property = {ConnectionHandler.PROTOCOL + "=qmqp"})
@Designate(ocd = QmqpConfig.class)
public final class QmqpHandler implements ConnectionHandler {
  static final String PID = "org.sluice.listeners.qmqp";

  private final ListenerServices services;
  private final QmqpConfig config;

  /**
   * Registered only while queue and filter chain are there, so that connections wait for them;
   * sessions under way use what is there at each moment.
   */
  @Activate
  public QmqpHandler(
      @Reference ListenerServices services,
      @Reference MailQueue queue,
      @Reference FilterChain chain,
      QmqpConfig config,
      Map<String, Object> properties) {
    this.services = services;
    this.config = OperatorConfig.mended(PID, QmqpConfig.class, config, properties, Map.of());
  }

  @Override
  public void handle(Connection connection) throws IOException, InterruptedException {
    new QmqpSession(
            connection,
            services,
            () -> services.queue(connection.environment()),
            config.maxRecipients())
        .run();
  }
}
