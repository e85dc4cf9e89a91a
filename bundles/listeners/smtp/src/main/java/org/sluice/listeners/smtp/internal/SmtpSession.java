package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;

/** One dialogue: qmail-smtpd's commands and states (spec 20 section 7). Used by one thread. */
final class SmtpSession {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);
  private static final String NO_CONTROLS = "421 unable to read controls (#4.3.0)";

  private final Door door;
  private final Services services;
  private final Input in;
  private final Output out;
  private final Map<String, String> environment;
  private Optional<Transaction> transaction = Optional.empty();
  private Session session;

  SmtpSession(Door door, Services services) {
    this.door = door;
    this.services = services;
    this.environment = door.environment();
    this.out = new Output(door.out());
    this.in = new Input(door.in(), out);
    this.session =
        new Session(door.id(), "smtp", environment, Optional.empty(), services.clock().instant());
  }

  /** Serves to the end; qmail-smtpd's exit status. */
  int run() throws IOException, InterruptedException {
    try {
      serve();
      return 0;
    } catch (SessionEnd end) {
      if (!end.getMessage().isEmpty()) {
        out.line(end.getMessage());
        out.flush();
      }
      return end.status();
    } finally {
      clear();
    }
  }

  private void serve() throws IOException, InterruptedException, SessionEnd {
    Control control = services.control().orElseThrow(() -> new SessionEnd(NO_CONTROLS, 1));
    Settings settings = settings(control);
    door.timeout(Duration.ofSeconds(settings.timeoutSeconds()));
    if (refused(services.connect(session))) {
      out.flush();
      return;
    }
    out.line("220 " + settings.greeting() + " ESMTP");
    var own = new OwnAddresses(settings.localIpHost());
    while (true) {
      String line = command(settings);
      int space = line.indexOf(' ');
      String verb = (space < 0 ? line : line.substring(0, space)).toLowerCase(Locale.ROOT);
      String argument = space < 0 ? "" : skipSpaces(line, space);
      switch (verb) {
        case "helo", "ehlo" -> hello(settings, verb, argument);
        case "mail" -> mail(settings, own, argument);
        case "rcpt" -> rcpt(control, settings, own, argument);
        case "data" -> data(settings);
        case "rset" -> {
          clear();
          out.line("250 flushed");
        }
        case "quit" -> {
          out.line("221 " + settings.greeting());
          out.flush();
          return;
        }
        case "help" -> out.line("214 notqmail home page: https://notqmail.org");
        case "noop" -> out.line("250 ok");
        case "vrfy" -> out.line("252 send some mail, i'll try my best");
        default -> out.line("502 unimplemented (#5.5.1)");
      }
    }
  }

  private Settings settings(Control control) throws SessionEnd {
    try {
      return Settings.read(control, environment);
    } catch (IOException e) {
      LOG.error("{}: {}", session.id(), e.getMessage());
      throw new SessionEnd(NO_CONTROLS, 1);
    }
  }

  /** The next command line; between commands the client may be told to go away. */
  private String command(Settings settings) throws IOException, SessionEnd {
    if (in.buffered()) {
      return in.line();
    }
    boolean mayLeave = transaction.isEmpty();
    if (mayLeave && door.draining()) {
      throw goAway(settings);
    }
    door.idle(true);
    try {
      return in.line();
    } catch (SessionEnd end) {
      throw door.draining() && end.getMessage().isEmpty() ? goAway(settings) : end;
    } finally {
      door.idle(false);
    }
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

  private void hello(Settings settings, String verb, String name)
      throws IOException, InterruptedException {
    clear();
    if (refused(services.hello(session, name))) {
      return;
    }
    session = session.withHello(name);
    if (verb.equals("helo")) {
      out.line("250 " + settings.greeting());
    } else {
      out.line("250-" + settings.greeting());
      out.line("250-PIPELINING");
      out.line("250 8BITMIME");
    }
  }

  private void mail(Settings settings, OwnAddresses own, String argument)
      throws IOException, InterruptedException {
    Optional<String> sender = AddressParser.parse(argument, own);
    if (sender.isEmpty()) {
      out.line("555 syntax error (#5.5.4)");
      return;
    }
    clear();
    var pass = services.begin(session, new ReversePath(sender.get()));
    if (pass.isEmpty()) {
      out.reply(Services.AWAY);
      return;
    }
    var next = new Transaction(pass.get(), settings.badSender(sender.get()));
    if (refused(next.pass().sender())) {
      next.close();
      return;
    }
    transaction = Optional.of(next);
    out.line("250 ok");
  }

  private void rcpt(Control control, Settings settings, OwnAddresses own, String argument)
      throws IOException, InterruptedException, SessionEnd {
    if (transaction.isEmpty()) {
      out.line("503 MAIL first (#5.5.1)");
      return;
    }
    Optional<String> parsed = AddressParser.parse(argument, own);
    if (parsed.isEmpty()) {
      out.line("555 syntax error (#5.5.4)");
    } else if (transaction.get().badSender()) {
      out.line("553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)");
    } else if (settings.relayClient().isEmpty() && !allowed(control, settings, parsed.get())) {
      out.line("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)");
    } else {
      var recipient = new Recipient(parsed.get() + settings.relayClient().orElse(""));
      if (!refused(transaction.get().pass().recipient(recipient))) {
        transaction.get().add(recipient);
        out.line("250 ok");
      }
    }
  }

  private boolean allowed(Control control, Settings settings, String recipient) throws SessionEnd {
    try {
      return settings.allowed(control, recipient);
    } catch (IOException e) {
      LOG.error("{}: {}", session.id(), e.getMessage());
      throw new SessionEnd(NO_CONTROLS, 1);
    }
  }

  private void data(Settings settings) throws IOException, InterruptedException, SessionEnd {
    if (transaction.isEmpty()) {
      out.line("503 MAIL first (#5.5.1)");
    } else if (!transaction.get().hasRecipients()) {
      out.line("503 RCPT first (#5.5.1)");
    } else {
      try (var present = transaction.get()) {
        transaction = Optional.empty();
        new DataCommand(services, session, in, out, settings.dataBytes()).run(present);
      }
    }
  }

  /** Writes the reply of a verdict that refuses. */
  private boolean refused(Verdict verdict) throws IOException {
    if (verdict instanceof Verdict.Reject reject) {
      refuse(reject.reply());
      return true;
    }
    if (verdict instanceof Verdict.TempFail tempFail) {
      refuse(tempFail.reply());
      return true;
    }
    return false;
  }

  private void refuse(Reply reply) throws IOException {
    out.reply(reply);
    services.tell(MailEvent.Type.REFUSED, Optional.empty(), () -> session.id() + ": " + reply);
  }

  private void clear() {
    transaction.ifPresent(Transaction::close);
    transaction = Optional.empty();
  }
}
