package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.queue.MailQueue;

/** SMTP on accepted connections. */
@Component(property = ConnectionHandler.PROTOCOL + "=smtp")
public final class SmtpHandler implements ConnectionHandler {
  private final Services services;

  /**
   * Registered only while control files, queue and filter chain are there, so that connections wait
   * for them; sessions under way use what is there at each moment.
   */
  @Activate
  public SmtpHandler(
      @Reference Services services,
      @Reference Control control,
      @Reference MailQueue queue,
      @Reference FilterChain chain) {
    this.services = services;
  }

  @Override
  public void handle(Connection connection) throws IOException, InterruptedException {
    new SmtpSession(connection, true, services, services::queue).run();
  }

  @Override
  public String refusal() {
    return "421 4.7.0 too many connections\r\n";
  }
}
