package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSession;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.base.CommandLine;

/**
 * What the operator and the extensions make of qmail's dialogue in one session. One that no
 * extension has joined is qmail's. Used by one thread.
 */
final class Dialogue implements Pop3Dialogue, AutoCloseable {
  private static final List<String> OWN = List.of("TOP", "UIDL", "PIPELINING", "EXPIRE NEVER");

  private final Client client;
  private final Policy policy;
  private final String host;
  private final BooleanSupplier apop;
  private Hooks hooks;
  private boolean loggedIn;

  /** That of the programs, as qmail has it. */
  Dialogue(Client client) {
    this(client, Policy.QMAIL, "", () -> true);
  }

  /**
   * One without extensions.
   *
   * @param host the server's name
   * @param apop whether APOP can be checked now
   */
  Dialogue(Client client, Policy policy, String host, BooleanSupplier apop) {
    this.client = client;
    this.policy = policy;
    this.host = host;
    this.apop = apop;
    this.hooks = Hooks.none(client.connection().id());
  }

  /**
   * Lets the extensions that are there join, if the operator wants some; may wait for them.
   *
   * @throws Hooks.MissingException if there cannot be a session, since one that the listener
   *     demands does not take part
   */
  void join(Extensions present) throws IOException, InterruptedException {
    if (policy.extensions()) {
      hooks = Hooks.join(client.connection().id(), present, environment(), this);
    } else {
      Hooks.checkNoneDemanded(environment());
    }
  }

  /** What follows {@code +OK} in the greeting: a timestamp is an offer of APOP. */
  String banner(String timestamp) {
    if (hooks.isEmpty()) {
      return closed() ? "" : timestamp;
    }
    return !closed() && apop.getAsBoolean() ? timestamp : host;
  }

  /** How many logins may fail; 1 in qmail. */
  int attempts() {
    return hooks.isEmpty() ? 1 : policy.attempts();
  }

  /** Whether nobody may log in as things are, since TLS has to begin first. */
  boolean closed() {
    return policy.closed(client.connection());
  }

  /** The next command; while it is waited for, extensions may leave. Empty if there is none. */
  Optional<CommandLine> next() throws IOException {
    if (client.pending()) {
      return client.command();
    }
    hooks.rest();
    try {
      return client.command();
    } finally {
      hooks.resume();
    }
  }

  /**
   * To be asked between commands, before the login.
   *
   * @throws Hooks.MissingException if the session has lost what its listener demands
   */
  void check() throws Hooks.MissingException {
    hooks.check();
  }

  /** From now on the client's mail is served. */
  void serve() {
    loggedIn = true;
  }

  /** What extensions make of a command that the listener does not know. */
  Pop3Answer extended(CommandLine command) throws IOException, InterruptedException {
    return hooks.command(new Pop3Command(command.verb(), command.argument()));
  }

  /** Tells the client what an extension wants it told, if it is just that, else refuses. */
  void say(Pop3Answer answer, String refusal) throws IOException {
    if (answer instanceof Pop3Answer.Ok ok) {
      client.out().line("+OK " + ok.text());
    } else if (answer instanceof Pop3Answer.Error error) {
      client.error(error.text());
    } else if (answer instanceof Pop3Answer.Lines reply) {
      client.list(reply.lines().stream().map(l -> l.startsWith(".") ? "." + l : l).toList());
    } else {
      client.error(refusal);
    }
  }

  /** The text of an error that has a response code. */
  String error(String code, String text) throws IOException, InterruptedException {
    return hooks.error(code, text);
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public Map<String, String> environment() {
    return client.connection().environment();
  }

  @Override
  public Optional<SSLSession> tls() {
    return client.connection().tls();
  }

  @Override
  public boolean loggedIn() {
    return loggedIn;
  }

  @Override
  public boolean passwords() {
    return !closed() && policy.passwords(client.connection());
  }

  @Override
  public boolean challenges() {
    return !closed() && policy.challenges(client.connection());
  }

  @Override
  public List<String> capabilities() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(OWN);
    if (loggedIn) {
      all.add("IMPLEMENTATION Sluice");
    } else if (passwords()) {
      all.add("USER");
    }
    all.addAll(hooks.capabilities());
    return all;
  }

  @Override
  public String ask(String challenge) throws IOException {
    return client.ask(challenge);
  }

  /** Lets the extensions go. */
  @Override
  public void close() {
    hooks.close();
  }
}
