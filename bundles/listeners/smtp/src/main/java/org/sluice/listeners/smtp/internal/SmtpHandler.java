package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.net.TlsServer;
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
    new SmtpSession(new Socket(connection), services).run();
  }

  /** A network connection as a door. */
  private record Socket(Connection connection) implements Door {
    @Override
    public String id() {
      return connection.id();
    }

    @Override
    public InputStream in() {
      return connection.in();
    }

    @Override
    public OutputStream out() {
      return connection.out();
    }

    @Override
    public Map<String, String> environment() {
      return connection.environment();
    }

    @Override
    public boolean timeout(Duration limit) throws IOException {
      connection.timeout(limit);
      return true;
    }

    @Override
    public void idle(boolean idle) {
      connection.idle(idle);
    }

    @Override
    public boolean draining() {
      return connection.draining();
    }

    @Override
    public boolean tlsPossible() {
      return connection.tls().isEmpty();
    }

    @Override
    public void startTls(TlsServer server) throws IOException {
      connection.startTls(server);
    }

    @Override
    public Optional<SSLSession> tls() {
      return connection.tls();
    }

    @Override
    public boolean client(Map<String, String> variables) throws IOException {
      return connection.client(variables);
    }
  }
}
