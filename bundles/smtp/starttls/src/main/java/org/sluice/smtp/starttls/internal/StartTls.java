package org.sluice.smtp.starttls.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.mail.Reply;
import org.sluice.api.net.TlsServer;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.base.TlsKeys;

/** Offers TLS while there are keys; UCSPITLS says whether it is a must. */
@Component(
    property = {Constants.SERVICE_RANKING + ":Integer=1000", SmtpExtension.NAME + "=starttls"})
public final class StartTls implements SmtpExtension {
  /** The variable: {@code !} demands TLS, {@code -} does not offer it. */
  private static final String VARIABLE = "UCSPITLS";

  /** What may be said before TLS where it is a must (RFC 3207 section 4). */
  private static final Set<String> BEFORE_TLS = Set.of("noop", "helo", "ehlo", "starttls", "quit");

  private final TlsKeys server;

  /** For the framework. */
  @Activate
  public StartTls() {
    this(new TlsKeys());
  }

  StartTls(TlsKeys server) {
    this.server = server;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindServer(TlsServer service) {
    server.set(service);
  }

  void unbindServer(TlsServer service) {
    server.unset(service);
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    String wish = dialogue.session().environment().getOrDefault(VARIABLE, "");
    return !dialogue.onSocket() || wish.equals("-")
        ? Optional.empty()
        : Optional.of(new Hooks(dialogue, wish.equals("!")));
  }

  private final class Hooks implements SmtpHooks {
    private final SmtpDialogue dialogue;
    private final boolean demanded;

    Hooks(SmtpDialogue dialogue, boolean demanded) {
      this.dialogue = dialogue;
      this.demanded = demanded;
    }

    private Optional<TlsServer> keys() {
      return server.soon().filter(TlsServer::ready);
    }

    @Override
    public List<String> keywords() {
      return dialogue.tls().isEmpty() && keys().isPresent() ? List.of("STARTTLS") : List.of();
    }

    @Override
    public SmtpAnswer command(SmtpCommand command) {
      if (command.verb().equals("starttls")) {
        return startTls(command.argument());
      }
      return demanded && dialogue.tls().isEmpty() && !BEFORE_TLS.contains(command.verb())
          ? SmtpAnswer.say(530, "5.7.0", "must issue STARTTLS first")
          : SmtpAnswer.pass();
    }

    private SmtpAnswer startTls(String argument) {
      if (dialogue.tls().isPresent()) {
        return SmtpAnswer.say(503, "5.5.1", "TLS has begun already");
      }
      if (!argument.isBlank()) {
        return SmtpAnswer.say(501, "5.5.4", "STARTTLS takes no argument");
      }
      if (dialogue.transaction().isPresent()) {
        return SmtpAnswer.say(503, "5.5.1", "not within a transaction");
      }
      return keys()
          .map(
              k ->
                  (SmtpAnswer)
                      new SmtpAnswer.StartTls(Reply.of(220, "2.0.0", "ready to start TLS"), k))
          .orElseGet(() -> SmtpAnswer.say(454, "4.7.0", "TLS is not available now"));
    }
  }
}
