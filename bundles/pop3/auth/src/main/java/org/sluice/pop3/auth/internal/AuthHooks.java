package org.sluice.pop3.auth.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Hooks;
import org.sluice.base.SaslConversation;

/** AUTH in one session (RFC 5034, spec 20 section 15.9). */
final class AuthHooks implements Pop3Hooks {
  /** Octets of the command AUTH with CR LF; a longer initial response has to follow a challenge. */
  private static final int LONGEST = 255;

  private final Pop3Dialogue dialogue;
  private final Supplier<Optional<Logins>> logins;

  /**
   * @param logins the service of the moment
   */
  AuthHooks(Pop3Dialogue dialogue, Supplier<Optional<Logins>> logins) {
    this.dialogue = dialogue;
    this.logins = logins;
  }

  @Override
  public List<String> capabilities() {
    List<String> mechanisms = dialogue.loggedIn() ? List.of() : mechanisms();
    return mechanisms.isEmpty() ? List.of() : List.of("SASL " + String.join(" ", mechanisms));
  }

  private List<String> mechanisms() {
    boolean passwords = dialogue.passwords();
    return passwords || dialogue.challenges()
        ? logins.get().map(l -> l.mechanisms(passwords, client())).orElse(List.of())
        : List.of();
  }

  private SaslClient client() {
    return new SaslClient(dialogue.host(), dialogue.tls());
  }

  @Override
  public Pop3Answer command(Pop3Command command) throws IOException, InterruptedException {
    return command.verb().equals("auth") && !dialogue.loggedIn()
        ? authenticate(command.argument())
        : Pop3Answer.pass();
  }

  private Pop3Answer authenticate(String argument) throws IOException, InterruptedException {
    if ("AUTH \r\n".length() + argument.length() > LONGEST) {
      return new Pop3Answer.Error("line too long");
    }
    int space = argument.indexOf(' ');
    String name = space < 0 ? argument : argument.substring(0, space);
    Optional<String> initial =
        space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1));
    if (name.isEmpty()) {
      return new Pop3Answer.Error("syntax error");
    }
    Optional<SaslExchange> exchange = logins.get().flatMap(l -> l.begin(name, client()));
    if (exchange.isEmpty()) {
      return new Pop3Answer.Error("unsupported mechanism");
    }
    if (mechanisms().stream().noneMatch(name::equalsIgnoreCase)) {
      return new Pop3Answer.Error("this mechanism needs TLS here: STLS first");
    }
    return answer(name, SaslConversation.run(exchange.get(), initial, dialogue::ask));
  }

  private static Pop3Answer answer(String mechanism, SaslConversation.Outcome outcome) {
    if (outcome instanceof SaslConversation.Accepted accepted) {
      return new Pop3Answer.Accepted(accepted.identity());
    }
    if (outcome instanceof SaslConversation.Refused refused) {
      return new Pop3Answer.Refused("AUTH " + mechanism, refused.name());
    }
    if (outcome instanceof SaslConversation.Unavailable unavailable) {
      return new Pop3Answer.Unavailable(unavailable.cause());
    }
    return new Pop3Answer.Error("authentication cancelled");
  }
}
