package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.sluice.api.auth.Credentials;
import org.sluice.base.CommandLine;

/** POP3's authorization state: qmail-popup (spec 20 section 10.2). Used by one thread. */
final class Authorization {
  /** What begins a login or goes on with one (spec 20 section 15.9). */
  private static final Set<String> LOGINS = Set.of("user", "pass", "apop", "auth");

  /** What takes no argument (RFC 2595 section 4, RFC 6856 section 2.1). */
  private static final Set<String> BARE = Set.of("stls", "utf8");

  private final Client client;
  private final String timestamp;
  private final HandOver handOver;
  private final Optional<Extensions> extensions;
  private final BooleanSupplier closed;
  private Optional<String> user = Optional.empty();
  private int attempts;

  /**
   * @param timestamp APOP's challenge, angle brackets included
   * @param attempts how many logins may fail; 1 in qmail
   * @param extensions what qmail does not know
   * @param closed whether nobody may log in as things are, since TLS has to begin first
   */
  Authorization(
      Client client,
      String timestamp,
      HandOver handOver,
      int attempts,
      Optional<Extensions> extensions,
      BooleanSupplier closed) {
    this.client = client;
    this.timestamp = timestamp;
    this.handOver = handOver;
    this.attempts = attempts;
    this.extensions = extensions;
    this.closed = closed;
  }

  /** Serves to the end of the session, which is that of the login if there is one. */
  void run() throws IOException, InterruptedException {
    String qmails = closed.getAsBoolean() ? "" : timestamp; // which offers APOP
    client.out().line("+OK " + extensions.map(e -> e.banner(timestamp)).orElse(qmails));
    boolean over = false;
    while (!over) {
      Optional<CommandLine> command = client.command();
      over = command.isEmpty() || answer(command.get());
    }
    client.out().flush();
  }

  /** Answers one command; true if it was the last. */
  private boolean answer(CommandLine command) throws IOException, InterruptedException {
    String argument = command.argument();
    if (LOGINS.contains(command.verb()) && closed.getAsBoolean()) {
      client.error("TLS is required here");
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
    } else if (clear()) {
      user = Optional.of(argument);
      client.ok();
    }
  }

  private boolean pass(String argument) throws IOException, InterruptedException {
    if (user.isEmpty()) {
      client.error("USER first");
    } else if (argument.isEmpty()) {
      client.error("syntax error");
    } else if (clear()) {
      return login(new Credentials.Password(user.get(), argument));
    }
    return false;
  }

  /** Whether a password may be sent as things are; else the client is told. */
  private boolean clear() throws IOException {
    boolean allowed = extensions.isEmpty() || extensions.get().clear();
    if (!allowed) {
      client.error(Extensions.ENCRYPT);
    }
    return allowed;
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
    String verb = extensions.isEmpty() ? "" : command.verb();
    if (BARE.contains(verb) && !command.argument().isEmpty()) {
      client.error("syntax error");
      return false;
    }
    switch (verb) {
      case "capa" -> client.list(extensions.get().capabilities());
      case "utf8" -> client.ok(); // messages are sent as they are, with and without it
      case "stls" -> {
        extensions.get().startTls();
        user = Optional.empty();
      }
      case "auth" -> {
        Extensions.Attempt attempt = extensions.get().authenticate(command.argument());
        return attempt.login() ? ended(attempt.error()) : refused(attempt.error());
      }
      default -> client.error("authorization first");
    }
    return false;
  }

  private boolean refused(Optional<String> error) throws IOException {
    client.error(error.orElseThrow());
    return false;
  }
}
