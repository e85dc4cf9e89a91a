package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Logins;
import org.sluice.api.control.Control;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;

/** POP3 on accepted connections: login and Maildir in one session, in process. */
@Component(configurationPid = Pop3Handler.PID, property = ConnectionHandler.PROTOCOL + "=pop3")
@Designate(ocd = Pop3Config.class)
public final class Pop3Handler implements ConnectionHandler {
  static final String PID = "org.sluice.listeners.pop3";

  private static final Logger LOG = LoggerFactory.getLogger(Pop3Handler.class);

  private final Services services;
  private final Policy policy;
  private final int uid;

  /**
   * Registered only while control files and logins are there, so that connections wait for them;
   * sessions under way use what is there at each moment.
   */
  @Activate
  public Pop3Handler(
      @Reference Services services,
      @Reference Control control,
      @Reference Logins logins,
      Pop3Config config,
      Map<String, Object> properties)
      throws IOException {
    this(services, Policy.of(config, properties), MailboxLogin.ownUid());
  }

  Pop3Handler(Services services, Policy policy, int uid) {
    this.services = services;
    this.policy = policy;
    this.uid = uid;
  }

  @Override
  public void handle(Connection connection) throws IOException, InterruptedException {
    connection.status(1); // qmail-popup's, whatever has become of the session
    connection.timeout(policy.timeout());
    var client = new Client(connection);
    String host = host();
    try (var dialogue = new Dialogue(client, policy, host, this::apop)) {
      dialogue.join(services.extensions());
      var login = new MailboxLogin(client, dialogue, services, policy, uid);
      String timestamp = Timestamp.of(host, services.clock().instant());
      new Authorization(client, timestamp, login, dialogue).run();
    } catch (Hooks.MissingException e) {
      LOG.warn("{}: nobody is served: {}", connection.id(), e.getMessage());
      client.error(e.getMessage());
      client.out().flush();
    }
  }

  private boolean apop() {
    return services.logins().filter(Logins::apop).isPresent();
  }

  private String host() throws IOException {
    if (policy.hostname().isPresent()) {
      return policy.hostname().get();
    }
    Control control =
        services.control().orElseThrow(() -> new IOException("control files are being replaced"));
    return control.lineOrMe("me");
  }
}
