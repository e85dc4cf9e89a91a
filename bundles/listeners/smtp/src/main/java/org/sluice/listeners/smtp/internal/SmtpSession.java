package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.net.Connection;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.RcptHosts;

/** One dialogue: qmail-smtpd's commands and states (spec 20 section 7). Used by one thread. */
final class SmtpSession {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);
  private static final String NO_CONTROLS = "421 unable to read controls (#4.3.0)";

  /** Whether the dialogue goes on. */
  private enum Next {
    COMMAND,
    GREETING,
    END
  }

  private final Connection connection;
  private final Services services;
  private final Conversation talk;
  private final Function<Map<String, String>, Optional<MailQueue>> queues;

  /**
   * A session.
   *
   * @param socket whether the connection is one, not a program's descriptors
   * @param queues where mail goes, asked with the session's environment for each message
   */
  SmtpSession(
      Connection connection,
      boolean socket,
      Services services,
      Function<Map<String, String>, Optional<MailQueue>> queues) {
    this.queues = queues;
    this.connection = connection;
    this.services = services;
    this.talk = new Conversation(connection, socket, services);
  }

  /** Serves to the end; qmail-smtpd's exit status, which the connection is told too. */
  int run() throws IOException, InterruptedException {
    connection.status(1); // where the client has gone, and nothing can be read or written
    int status = dialogue();
    connection.status(status);
    return status;
  }

  private int dialogue() throws IOException, InterruptedException {
    try {
      Next next = Next.GREETING;
      while (next == Next.GREETING) {
        next = serve();
      }
      talk.out().flush();
      return 0;
    } catch (SessionEnd end) {
      talk.lastWord(end);
      return end.status();
    } catch (OutOfMemoryError e) {
      return outOfMemory(e);
    } finally {
      talk.end();
    }
  }

  /** Says so if there is memory enough for that; the session's own memory is free thereafter. */
  private int outOfMemory(OutOfMemoryError error) throws IOException {
    try {
      LOG.error("{}: out of memory", talk.session().id(), error);
      talk.lastWord(new SessionEnd("421 out of memory (#4.3.0)", 1));
    } catch (OutOfMemoryError again) {
      // Then the client sees the connection end.
    }
    return 1;
  }

  private Next serve() throws IOException, InterruptedException {
    Control control = services.control().orElseThrow(() -> new SessionEnd(NO_CONTROLS, 1));
    Settings settings = settings(control);
    talk.begin(settings);
    if (refused(services.connect(talk.session()))) {
      return Next.END;
    }
    Optional<Reply> objection = talk.hooks().connected();
    if (objection.isPresent()) {
      talk.out().reply(objection.get());
      return Next.END;
    }
    talk.out().line("220 " + settings.greeting() + " ESMTP");
    var own = new OwnAddresses(settings.localIpHost(), services.addresses());
    Next next = Next.COMMAND;
    while (next == Next.COMMAND) {
      SmtpCommand command = command(settings);
      talk.verb(command.verb());
      SmtpAnswer answer = answer(settings, command);
      next =
          answer instanceof SmtpAnswer.Pass ? act(settings, own, command) : act(settings, answer);
    }
    return next;
  }

  /** What an extension makes of the command; it may ask the client something. */
  private SmtpAnswer answer(Settings settings, SmtpCommand command)
      throws IOException, InterruptedException {
    try {
      return talk.hooks().command(command);
    } catch (SessionEnd end) {
      throw toldToGo(settings, end);
    }
  }

  private Next act(Settings settings, OwnAddresses own, SmtpCommand command)
      throws IOException, InterruptedException {
    Output out = talk.out();
    switch (command.verb()) {
      case "helo", "ehlo" -> hello(settings, command);
      case "mail" -> mail(settings, own, command.argument());
      case "rcpt" -> rcpt(settings, own, command.argument());
      case "data" -> data(settings);
      case "rset" -> {
        talk.clear();
        out.line("250 flushed");
      }
      case "quit" -> {
        out.line("221 " + settings.greeting());
        return Next.END;
      }
      case "help" -> out.line("214 notqmail home page: https://notqmail.org");
      case "noop" -> out.line("250 ok");
      case "vrfy" -> out.line("252 send some mail, i'll try my best");
      default ->
          out.line(
              talk.in().cut()
                  ? "500 command line too long (#5.5.2)"
                  : "502 unimplemented (#5.5.1)");
    }
    return Next.COMMAND;
  }

  /** Does what an extension wants done. */
  private Next act(Settings settings, SmtpAnswer answer) throws IOException, InterruptedException {
    if (answer instanceof SmtpAnswer.Say say) {
      talk.out().reply(say.reply());
    } else if (answer instanceof SmtpAnswer.End end) {
      talk.out().reply(end.reply());
      return Next.END;
    } else if (answer instanceof SmtpAnswer.Chunk chunk) {
      messages(settings).chunk(chunk);
    } else if (answer instanceof SmtpAnswer.StartTls
        && (!talk.onSocket() || talk.tls().isPresent())) {
      talk.out().reply(Reply.of(454, "4.7.0", "no TLS here"));
    } else if (answer instanceof SmtpAnswer.StartTls tls) {
      talk.startTls(tls.reply(), tls.server());
    } else if (answer instanceof SmtpAnswer.Restart && !talk.onSocket()) {
      talk.out().reply(Reply.of(550, "5.7.0", "no other client here"));
    } else if (answer instanceof SmtpAnswer.Restart restart) {
      return talk.restart(restart.client(), restart.hello(), restart.login())
          ? Next.GREETING
          : Next.END;
    }
    return Next.COMMAND;
  }

  private Settings settings(Control control) throws SessionEnd {
    try {
      return Settings.read(control, talk.session().environment());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private SessionEnd unreadable(IOException e) {
    LOG.error("{}: {}", talk.session().id(), e.getMessage());
    return new SessionEnd(NO_CONTROLS, 1);
  }

  /** The next command; between commands the client may be told to go away. */
  private SmtpCommand command(Settings settings) throws IOException {
    boolean mayLeave = talk.present().isEmpty();
    String line;
    if (talk.in().buffered()) {
      line = talk.line();
    } else {
      if (mayLeave && connection.draining()) {
        throw goAway(settings);
      }
      line = await(settings, mayLeave);
    }
    if (mayLeave ? !talk.hooks().wake() : talk.hooks().robbed()) {
      throw goAway(settings);
    }
    if (talk.in().cut()) {
      return new SmtpCommand("", "", talk.in().buffered()); // nobody can say what it was
    }
    int space = line.indexOf(' ');
    String verb = (space < 0 ? line : line.substring(0, space)).toLowerCase(Locale.ROOT);
    String argument = space < 0 ? "" : skipSpaces(line, space);
    return new SmtpCommand(verb, argument, talk.in().buffered());
  }

  private String await(Settings settings, boolean mayLeave) throws IOException {
    if (mayLeave) {
      talk.hooks().rest();
    }
    connection.idle(true);
    try {
      return talk.line();
    } catch (SessionEnd end) {
      throw toldToGo(settings, end);
    } finally {
      connection.idle(false);
    }
  }

  /** The end of the input that is a drain's. */
  private SessionEnd toldToGo(Settings settings, SessionEnd end) {
    return connection.draining() && end.getMessage().isEmpty() ? goAway(settings) : end;
  }

  private static SessionEnd goAway(Settings settings) {
    return new SessionEnd("421 " + settings.greeting() + " closing, try again (#4.3.2)", 1);
  }

  private static String skipSpaces(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return line.substring(at);
  }

  private void hello(Settings settings, SmtpCommand command)
      throws IOException, InterruptedException {
    talk.clear();
    if (refused(services.hello(talk.session(), command.argument()))) {
      return;
    }
    talk.hello(command.argument(), Offer.NONE);
    Output out = talk.out();
    if (command.verb().equals("helo")) {
      out.raw("250 " + settings.greeting());
      return;
    }
    Offer offer = talk.hooks().offer();
    talk.hello(command.argument(), offer);
    out.raw("250-" + settings.greeting());
    out.raw("250-PIPELINING");
    List<String> more = offer.lines();
    out.raw("250" + (more.isEmpty() ? " " : "-") + "8BITMIME");
    for (int i = 0; i < more.size(); i++) {
      out.raw("250" + (i == more.size() - 1 ? " " : "-") + more.get(i));
    }
  }

  private void mail(Settings settings, OwnAddresses own, String argument)
      throws IOException, InterruptedException {
    Optional<AddressParser.Path> sender = path(own, argument);
    if (sender.isEmpty()) {
      talk.out().line("555 syntax error (#5.5.4)");
      return;
    }
    String address = sender.get().address();
    var pass = services.begin(talk.session(), new ReversePath(address));
    if (pass.isEmpty()) {
      talk.out().reply(Services.AWAY);
      return;
    }
    boolean bad =
        settings.badSenders().has(address)
            || talk.international() && settings.badSenders().hasInternational(address);
    talk.begin(new Transaction(pass.get(), bad));
    List<SmtpParameter> given = parameters(sender.get());
    Optional<Reply> objection = talk.hooks().mail(given).or(() -> talk.offer().mail(given));
    if (objection.isPresent()) {
      talk.out().reply(objection.get());
      talk.withdraw();
    } else if (refused(pass.get().sender())) {
      talk.withdraw();
    } else {
      talk.options(talk.options().withEightBit(talk.offer().eightBit(given)));
      talk.accept();
      talk.out().line("250 ok");
    }
  }

  private Optional<AddressParser.Path> path(OwnAddresses own, String argument) throws SessionEnd {
    try {
      return AddressParser.parse(argument, own);
    } catch (UncheckedIOException e) {
      LOG.error("{}: {}", talk.session().id(), e.getCause().toString());
      throw new SessionEnd("421 unable to figure out my IP addresses (#4.3.0)", 1);
    }
  }

  private List<SmtpParameter> parameters(AddressParser.Path path) {
    return talk.offer().extended() ? Parameters.parse(path.rest()) : List.of();
  }

  private void rcpt(Settings settings, OwnAddresses own, String argument)
      throws IOException, InterruptedException {
    Output out = talk.out();
    if (talk.present().isEmpty()) {
      out.line("503 MAIL first (#5.5.1)");
      return;
    }
    Transaction transaction = talk.present().get();
    var relayClient = Optional.ofNullable(talk.session().environment().get("RELAYCLIENT"));
    Optional<AddressParser.Path> parsed = path(own, argument);
    if (parsed.isEmpty()) {
      out.line("555 syntax error (#5.5.4)");
    } else if (transaction.badSender()) {
      out.line("553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)");
    } else if (relayClient.isEmpty() && !allowed(settings, parsed.get().address())) {
      out.line("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)");
    } else {
      String address = parsed.get().address() + relayClient.orElse("");
      var recipient = talk.recipient(address, parameters(parsed.get()));
      if (recipient.isPresent() && !refused(transaction.pass().recipient(recipient.get()))) {
        transaction.add(recipient.get());
        out.line("250 ok");
      }
    }
  }

  private boolean allowed(Settings settings, String recipient) throws SessionEnd {
    try {
      RcptHosts hosts = settings.rcptHosts();
      return hosts.allow(recipient) || talk.international() && hosts.allowInternational(recipient);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void data(Settings settings) throws IOException, InterruptedException {
    messages(settings).data();
  }

  private MessageCommands messages(Settings settings) {
    return new MessageCommands(
        services.clock(),
        () -> queues.apply(talk.session().environment()),
        talk,
        settings.dataBytes());
  }

  /** Writes the reply of a verdict that refuses. */
  private boolean refused(Verdict verdict) throws IOException {
    if (verdict instanceof Verdict.Reject reject) {
      talk.out().reply(reject.reply());
      return true;
    }
    if (verdict instanceof Verdict.TempFail tempFail) {
      talk.out().reply(tempFail.reply());
      return true;
    }
    return false;
  }
}
