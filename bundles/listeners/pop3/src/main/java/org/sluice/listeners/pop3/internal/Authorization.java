package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.auth.Credentials;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.base.CommandLine;

/** POP3's authorization state: qmail-popup (spec 20 section 10.2). Used by one thread. */
final class Authorization {
  /** What begins a login or goes on with one (spec 20 section 15.9). */
  private static final Set<String> LOGINS = Set.of("user", "pass", "apop", "auth");

  private static final String CLOSED = "TLS is required here";

  private final Client client;
  private final String timestamp;
  private final HandOver handOver;
  private final Dialogue dialogue;
  private Optional<String> user = Optional.empty();
  private int attempts;

  /**
   * @param timestamp APOP's challenge, angle brackets included
   */
  Authorization(Client client, String timestamp, HandOver handOver, Dialogue dialogue) {
    this.client = client;
    this.timestamp = timestamp;
    this.handOver = handOver;
    this.dialogue = dialogue;
    this.attempts = dialogue.attempts();
  }

  /** Serves to the end of the session, which is that of the login if there is one. */
  void run() throws IOException, InterruptedException {
    client.out().line("+OK " + dialogue.banner(timestamp));
    boolean over = false;
    while (!over) {
      Optional<CommandLine> command = dialogue.next();
      over = command.isEmpty() || answer(command.get());
    }
    client.out().flush();
  }

  /** Answers one command; true if it was the last. */
  private boolean answer(CommandLine command) throws IOException, InterruptedException {
    dialogue.check();
    String argument = command.argument();
    if (LOGINS.contains(command.verb()) && dialogue.closed()) {
      client.error(CLOSED);
      return false;
    }
    switch (command.verb()) {
      case "user" -> user(argument);
      case "pass" -> {
        return pass(argument);
      }
      case "apop" -> {
        int space = argument.indexOf(' ');
        if (space < 0) {
          client.error("syntax error");
          return false;
        }
        return login(
            new Credentials.Response(
                argument.substring(0, space), "APOP", timestamp, argument.substring(space + 1)));
      }
      case "noop" -> client.ok();
      case "quit" -> {
        client.ok();
        return true;
      }
      default -> {
        return extended(command);
      }
    }
    return false;
  }

  private void user(String argument) throws IOException {
    if (argument.isEmpty()) {
      client.error("syntax error");
    } else if (password()) {
      user = Optional.of(argument);
      client.ok();
    }
  }

  private boolean pass(String argument) throws IOException, InterruptedException {
    if (user.isEmpty()) {
      client.error("USER first");
    } else if (argument.isEmpty()) {
      client.error("syntax error");
    } else if (password()) {
      return login(new Credentials.Password(user.get(), argument));
    }
    return false;
  }

  /** Whether a password may be sent as things are; else the client is told. */
  private boolean password() throws IOException {
    if (!dialogue.passwords()) {
      client.error("a password needs TLS here: STLS first");
      return false;
    }
    return true;
  }

  private boolean login(Credentials credentials) throws IOException, InterruptedException {
    client.out().flush();
    return ended(handOver.login(credentials));
  }

  /** After a login: false if another one may be tried. */
  private boolean ended(Optional<String> error) throws IOException {
    if (error.isEmpty()) {
      return true;
    }
    client.error(error.get());
    user = Optional.empty();
    return --attempts <= 0;
  }

  private boolean extended(CommandLine command) throws IOException, InterruptedException {
    Pop3Answer answer = dialogue.extended(command);
    if (answer instanceof Pop3Answer.Login login) {
      dialogue.check(); // it may have asked the client for long
      if (dialogue.closed()) { // by whichever command
        client.error(CLOSED);
        return false;
      }
      return ended(handOver.ended(login));
    }
    if (answer instanceof Pop3Answer.StartTls tls && dialogue.tls().isEmpty()) {
      client.out().line("+OK " + tls.text());
      client.startTls(tls.server());
      user = Optional.empty();
    } else {
      dialogue.say(answer, "authorization first");
    }
    return false;
  }
}
