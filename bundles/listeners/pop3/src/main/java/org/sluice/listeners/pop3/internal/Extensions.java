package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.net.TlsServer;
import org.sluice.base.SaslConversation;

/**
 * What qmail-popup does not know: CAPA (RFC 2449), STLS (RFC 2595), AUTH (RFC 5034) and UTF8 (RFC
 * 6856), as far as the services of the moment allow. Used by one thread.
 */
final class Extensions {
  static final String ENCRYPT = "a password needs TLS here: STLS first";

  /** Octets of the command AUTH with CR LF; a longer initial response has to follow a challenge. */
  private static final int LONGEST_AUTH = 255;

  private static final List<String> ALWAYS =
      List.of("TOP", "UIDL", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER", "UTF8");

  /**
   * How AUTH ended, with what to tell the client; empty if it has been served.
   *
   * @param login whether it counts as a login that failed
   */
  record Attempt(boolean login, Optional<String> error) {}

  private final Client client;
  private final Services services;
  private final Policy policy;
  private final MailboxLogin login;
  private final String host;

  Extensions(Client client, Services services, Policy policy, MailboxLogin login, String host) {
    this.client = client;
    this.services = services;
    this.policy = policy;
    this.login = login;
    this.host = host;
  }

  /** What follows {@code +OK} in the greeting: a timestamp is an offer of APOP. */
  String banner(String timestamp) {
    boolean apop = !closed() && services.logins().filter(Logins::apop).isPresent();
    return apop ? timestamp : host;
  }

  /** Whether a password may be sent as things are. */
  boolean clear() {
    return !closed() && policy.clear(client.connection());
  }

  private boolean closed() {
    return policy.closed(client.connection());
  }

  List<String> capabilities() {
    List<String> capabilities = new ArrayList<>(ALWAYS);
    if (clear()) {
      capabilities.add("USER");
    }
    if (!mechanisms().isEmpty()) {
      capabilities.add("SASL " + String.join(" ", mechanisms()));
    }
    if (tls().isPresent()) {
      capabilities.add("STLS");
    }
    return capabilities;
  }

  private List<String> mechanisms() {
    return policy.mechanisms(client.connection(), asker(), services.logins());
  }

  private SaslClient asker() {
    return new SaslClient(host, client.connection().tls());
  }

  /** What CAPA tells after the login. */
  static List<String> inTransaction() {
    List<String> capabilities = new ArrayList<>(ALWAYS);
    capabilities.add("IMPLEMENTATION Sluice");
    return capabilities;
  }

  private Optional<TlsServer> tls() {
    return Policy.offersTls(client.connection())
        ? services.tls().filter(TlsServer::ready)
        : Optional.empty();
  }

  /**
   * STLS.
   *
   * @throws IOException if the handshake fails, which ends the session
   */
  void startTls() throws IOException {
    Optional<TlsServer> server = tls();
    if (server.isEmpty()) {
      client.error("no TLS now");
      return;
    }
    client.out().line("+OK begin TLS");
    client.startTls(server.get());
  }

  /** AUTH. */
  Attempt authenticate(String argument) throws IOException, InterruptedException {
    if ("AUTH \r\n".length() + argument.length() > LONGEST_AUTH) {
      return new Attempt(false, Optional.of("line too long"));
    }
    int space = argument.indexOf(' ');
    String name = space < 0 ? argument : argument.substring(0, space);
    Optional<String> initial =
        space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1));
    if (name.isEmpty()) {
      return new Attempt(false, Optional.of("syntax error"));
    }
    Optional<SaslExchange> exchange = services.logins().flatMap(l -> l.begin(name, asker()));
    if (exchange.isEmpty()) {
      return new Attempt(false, Optional.of("unsupported mechanism"));
    }
    if (mechanisms().stream().noneMatch(name::equalsIgnoreCase)) {
      return new Attempt(false, Optional.of("this mechanism needs TLS here: STLS first"));
    }
    var outcome = SaslConversation.run(exchange.get(), initial, client::ask);
    if (outcome instanceof SaslConversation.Accepted accepted) {
      return new Attempt(true, login.serve(accepted.identity()));
    }
    if (outcome instanceof SaslConversation.Refused refused) {
      return new Attempt(true, login.refused("AUTH " + name, refused.name()));
    }
    if (outcome instanceof SaslConversation.Unavailable unavailable) {
      return new Attempt(true, login.unavailable(unavailable.cause()));
    }
    return new Attempt(false, Optional.of("authentication cancelled"));
  }
}
