package org.sluice.smtp.auth.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.PrintableText;
import org.sluice.base.SaslConversation;

/** AUTH in one session (RFC 4954, spec 20 section 15.8). */
final class AuthHooks implements SmtpHooks {
  private static final Logger LOG = LoggerFactory.getLogger(AuthHooks.class);

  /** A line may be so long, without its end (RFC 4954 section 4). */
  private static final int LONGEST = 12_286;

  private static final SmtpAnswer TOO_LONG = SmtpAnswer.say(500, "5.5.6", "line too long");

  /** {@code <>} or an address as xtext (RFC 3461 section 4). */
  private static final Pattern SENDER = Pattern.compile("<>|(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");

  private final SmtpDialogue dialogue;
  private final Auth.Policy policy;
  private final Supplier<Optional<Logins>> logins;
  private final boolean demanded;
  private boolean extended;
  private int failures;

  AuthHooks(
      SmtpDialogue dialogue,
      Auth.Policy policy,
      Supplier<Optional<Logins>> logins,
      boolean demanded) {
    this.dialogue = dialogue;
    this.policy = policy;
    this.logins = logins;
    this.demanded = demanded;
  }

  /** Whether somebody has logged in; TLS makes that forgotten. */
  private boolean authenticated() {
    return dialogue.session().user().isPresent();
  }

  private List<String> mechanisms() {
    return policy.logins().mechanisms(logins.get(), client(), dialogue.session().environment());
  }

  @Override
  public List<String> keywords() {
    extended = true; // asked by EHLO, and by nothing else
    List<String> mechanisms = authenticated() ? List.of() : mechanisms();
    return mechanisms.isEmpty() ? List.of() : List.of("AUTH " + String.join(" ", mechanisms));
  }

  /** Who has logged in is told of no mechanism, and may say for whom it sends (RFC 4954). */
  @Override
  public boolean takesParameters(List<String> announced) {
    return !announced.isEmpty() || authenticated();
  }

  @Override
  public Set<String> mailParameters() {
    return Set.of("AUTH");
  }

  @Override
  public SmtpAnswer command(SmtpCommand command) throws IOException, InterruptedException {
    extended &= !command.verb().equals("helo");
    return switch (command.verb()) {
      case "auth" -> auth(command.argument());
      case "mail" ->
          demanded && !authenticated()
              ? SmtpAnswer.say(530, "5.7.0", "authentication required")
              : SmtpAnswer.pass();
      default -> SmtpAnswer.pass();
    };
  }

  private SmtpAnswer auth(String argument) throws IOException, InterruptedException {
    if ("AUTH ".length() + argument.length() > LONGEST) {
      return TOO_LONG;
    }
    if (!extended) {
      return SmtpAnswer.say(503, "5.5.1", "EHLO first");
    }
    if (authenticated()) {
      return SmtpAnswer.say(503, "5.5.1", "already authenticated");
    }
    if (dialogue.transaction().isPresent()) {
      return SmtpAnswer.say(503, "5.5.1", "not within a transaction");
    }
    int space = argument.indexOf(' ');
    String name = space < 0 ? argument : argument.substring(0, space);
    // Blanks alone are no initial response; an empty one is an equals sign.
    Optional<String> initial =
        space < 0
            ? Optional.empty()
            : Optional.of(argument.substring(space).strip()).filter(r -> !r.isEmpty());
    if (name.isEmpty()) {
      return SmtpAnswer.say(501, "5.5.4", "AUTH wants a mechanism");
    }
    Optional<Logins> present = logins.get();
    if (present.isEmpty()) {
      return SmtpAnswer.say(454, "4.7.0", "no authentication now");
    }
    Optional<SaslExchange> exchange = present.get().begin(name, client());
    if (exchange.isEmpty()) {
      return SmtpAnswer.say(504, "5.5.4", "no such mechanism here");
    }
    if (mechanisms().stream().noneMatch(name::equalsIgnoreCase)) {
      return SmtpAnswer.say(538, "5.7.11", "encryption required for this mechanism");
    }
    return answer(name, exchange.get(), initial);
  }

  private SaslClient client() {
    var environment = dialogue.session().environment();
    String address = environment.getOrDefault("TCPLOCALIP", "localhost");
    return new SaslClient(environment.getOrDefault("TCPLOCALHOST", address), dialogue.tls());
  }

  private SmtpAnswer answer(String name, SaslExchange exchange, Optional<String> initial)
      throws IOException, InterruptedException {
    var lines = new Lines();
    var outcome = SaslConversation.run(exchange, initial, lines);
    if (lines.tooLong) {
      return TOO_LONG;
    }
    if (outcome instanceof SaslConversation.Accepted accepted) {
      return accepted(name, accepted.identity());
    }
    if (outcome instanceof SaslConversation.Refused refused) {
      return refused(name, refused.name());
    }
    if (outcome instanceof SaslConversation.Unavailable unavailable) {
      LOG.error("{}: no login possible: {}", id(), unavailable.cause().getMessage());
      return SmtpAnswer.say(454, "4.7.0", "temporary authentication failure");
    }
    return outcome instanceof SaslConversation.Cancelled
        ? SmtpAnswer.say(501, "5.7.0", "authentication cancelled")
        : SmtpAnswer.say(501, "5.5.2", "not what the mechanism expects");
  }

  private String id() {
    return dialogue.session().id();
  }

  private SmtpAnswer accepted(String mechanism, Identity identity) {
    LOG.info("{}: login of {}", id(), PrintableText.of(identity.user(), '?'));
    dialogue.authenticated(identity.user());
    if (policy.trace()) {
      // Where the Received line has what ident says, as the patches for qmail do it.
      dialogue.set("TCPREMOTEINFO", identity.user());
    }
    return SmtpAnswer.say(235, "2.7.0", "welcome");
  }

  /** Whoever guesses has to wait, and not too often. */
  private SmtpAnswer refused(String mechanism, String name) throws InterruptedException {
    String ip = dialogue.session().environment().getOrDefault("TCPREMOTEIP", "unknown");
    LOG.info(
        "{}: AUTH {} of {} failed, from {}",
        id(),
        PrintableText.of(mechanism, '?'),
        PrintableText.name(name),
        ip);
    Thread.sleep(policy.failureDelay().toMillis());
    failures++;
    return failures < policy.attempts()
        ? SmtpAnswer.say(535, "5.7.8", "authentication failed")
        : new SmtpAnswer.End(Reply.of(421, "4.7.0", "too many failed logins"));
  }

  @Override
  public Optional<Reply> mail(List<SmtpParameter> parameters) {
    // Whom the sender's own server has authenticated says nothing here: it is not passed on.
    return parameters.stream()
        .filter(p -> p.keyword().equals("AUTH"))
        .filter(p -> !SENDER.matcher(p.value().orElse("")).matches())
        .findFirst()
        .map(p -> Reply.of(501, "5.5.4", "AUTH wants an address as xtext, or <>"));
  }

  /** Challenges and the answers to them. */
  private final class Lines implements SaslConversation.Client {
    private boolean tooLong;

    @Override
    public String ask(String challenge) throws IOException {
      String line = dialogue.ask(Reply.of(334, challenge));
      tooLong = line.length() > LONGEST;
      return tooLong ? "*" : line;
    }
  }
}
