package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.ListenerServices;
import org.sluice.base.OperatorConfig;

/** QMTP on accepted connections. */
@Component(
    configurationPid = QmtpHandler.PID,
    property = {ConnectionHandler.PROTOCOL + "=qmtp"})
@Designate(ocd = QmtpConfig.class)
public final class QmtpHandler implements ConnectionHandler {
  static final String PID = "org.sluice.listeners.qmtp";

  private final ListenerServices services;
  private final QmtpConfig config;

  /**
   * Registered only while control files, queue and filter chain are there, so that connections wait
   * for them; sessions under way use what is there at each moment.
   */
  @Activate
  public QmtpHandler(
      @Reference ListenerServices services,
      @Reference Control control,
      @Reference MailQueue queue,
      @Reference FilterChain chain,
      QmtpConfig config,
      Map<String, Object> properties) {
    this.services = services;
    this.config = OperatorConfig.mended(PID, QmtpConfig.class, config, properties, Map.of());
  }

  @Override
  public void handle(Connection connection) throws IOException, InterruptedException {
    new QmtpSession(
            connection,
            services,
            () -> services.queue(connection.environment()),
            config.maxRecipients())
        .run();
  }
}
