package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.Logins;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.base.PrintableText;

/** Asks the authenticators, then serves the account's Maildir in the same session. */
final class MailboxLogin implements HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxLogin.class);
  private static final String FAILED = "authorization failed";

  private final Client client;
  private final Dialogue dialogue;
  private final Services services;
  private final Policy policy;
  private final int uid;

  /**
   * @param uid as whom this process runs
   */
  MailboxLogin(Client client, Dialogue dialogue, Services services, Policy policy, int uid) {
    this.client = client;
    this.dialogue = dialogue;
    this.services = services;
    this.policy = policy;
    this.uid = uid;
  }

  @Override
  public Optional<String> login(Credentials credentials) throws IOException, InterruptedException {
    Optional<Identity> identity;
    try {
      identity = logins().authenticate(credentials);
    } catch (IOException e) {
      return unavailable(e);
    }
    return identity.isPresent() ? serve(identity.get()) : refused("login", credentials.name());
  }

  @Override
  public Optional<String> ended(Pop3Answer.Login login) throws IOException, InterruptedException {
    if (login instanceof Pop3Answer.Accepted accepted) {
      return serve(accepted.identity());
    }
    if (login instanceof Pop3Answer.Refused refused) {
      return refused(refused.what(), refused.name());
    }
    return unavailable(((Pop3Answer.Unavailable) login).cause());
  }

  private Logins logins() throws IOException {
    return services.logins().orElseThrow(() -> new IOException("logins are being replaced"));
  }

  /** Serves an account whose owner the client has proved to be. */
  private Optional<String> serve(Identity identity) throws IOException, InterruptedException {
    if (identity.uid() == 0 && !policy.allowRoot()) {
      LOG.warn("{}: qmail-pop3d invoked as uid 0, terminating", client.connection().id());
      return Optional.of(coded("SYS/PERM"));
    }
    LOG.info("{}: login of {}", client.connection().id(), PrintableText.of(identity.user(), '?'));
    mailbox(identity).serve(client, dialogue, services.clock().instant());
    return Optional.empty();
  }

  private Mailbox mailbox(Identity identity) throws IOException {
    Optional<UserPrincipal> owner =
        identity.uid() == uid ? Optional.empty() : Optional.of(principal(identity));
    return new Mailbox(identity.home(), Optional.of(policy.maildir()), owner);
  }

  private static UserPrincipal principal(Identity identity) throws IOException {
    return identity
        .home()
        .getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(Integer.toString(identity.uid()));
  }

  /**
   * Wrong name or secret: whoever guesses has to wait.
   *
   * @param what has failed, for the log
   * @param name as the client gave it
   */
  private Optional<String> refused(String what, String name)
      throws IOException, InterruptedException {
    String ip = client.connection().environment().getOrDefault("TCPREMOTEIP", "unknown");
    LOG.info(
        "{}: {} of {} failed, from {}",
        client.connection().id(),
        PrintableText.of(what, '?'),
        PrintableText.name(name),
        ip);
    Thread.sleep(policy.failureDelay().toMillis());
    return Optional.of(coded("AUTH"));
  }

  /** It cannot be told now. */
  private Optional<String> unavailable(IOException cause) throws IOException, InterruptedException {
    LOG.error("{}: no login possible: {}", client.connection().id(), cause.getMessage());
    return Optional.of(coded("SYS/TEMP"));
  }

  /** qmail says the same of all failures; a response code (RFC 3206) tells them apart. */
  private String coded(String code) throws IOException, InterruptedException {
    return dialogue.error(code, FAILED);
  }

  /** As whom this process runs. */
  static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
