package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.Reply;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.SessionExtensions;

/** The state of one dialogue, and what extensions may do with it. Used by one thread. */
final class Conversation implements SmtpDialogue {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  /** The variable, set to whatever: the Received line says ESMTP after EHLO. */
  private static final String TRACE = "ESMTPTRACE";

  private static final Set<String> HELLO = Set.of("helo", "ehlo");

  private final Connection connection;
  private final boolean socket;
  private final Services services;
  private Input in;
  private Output out;
  private Session session;
  private Optional<Transaction> transaction = Optional.empty();
  private MessageOptions options = MessageOptions.NONE;

  /** What a MAIL that is refused brings back. */
  private Optional<Transaction> earlier = Optional.empty();

  private MessageOptions earlierOptions = MessageOptions.NONE;
  private RecipientOptions recipientOptions = RecipientOptions.NONE;
  private Optional<Hooks> hooks = Optional.empty();

  /** Empty before the first command, the greeting's time; an empty line is a command, named "". */
  private Optional<String> verb = Optional.empty();

  private Offer offer = Offer.NONE;
  private Duration timeout = Input.EVER;
  private Duration commandTime = Input.EVER;
  private Duration messageTime = Input.EVER;
  private LineEnds lineEnds = LineEnds.CLASSIC;
  private long sizeLimit;

  Conversation(Connection connection, boolean socket, Services services) {
    this.connection = connection;
    this.socket = socket;
    this.services = services;
    open();
    session =
        new Session(
            connection.id(),
            "smtp",
            connection.environment(),
            Optional.empty(),
            services.clock().instant());
  }

  private void open() {
    out = new Output(connection.out(), new Edits());
    int lineLimit = socket ? Input.LINE_LIMIT : Input.PROGRAM_LINE_LIMIT;
    in = new Input(connection.in(), out, System::nanoTime, lineLimit);
  }

  /** Replies pass through the extensions, but for the greeting and the answers to HELO and EHLO. */
  private final class Edits implements Output.Editor {
    @Override
    public boolean active() {
      return hooks.isPresent()
          && !hooks.get().none()
          && verb.filter(v -> !HELLO.contains(v)).isPresent();
    }

    @Override
    public Reply edit(Reply reply) throws IOException {
      return hooks.get().edit(verb.orElseThrow(), reply);
    }
  }

  Input in() {
    return in;
  }

  Output out() {
    return out;
  }

  Hooks hooks() {
    return hooks.orElseThrow();
  }

  /** From now on replies are to this command. */
  void verb(String name) {
    verb = Optional.of(name);
  }

  /** Lets the extensions join a session that begins with these settings. */
  void begin(Settings settings) throws IOException, InterruptedException {
    sizeLimit = settings.dataBytes();
    timeout = Duration.ofSeconds(settings.timeoutSeconds());
    connection.timeout(timeout);
    join();
  }

  private void join() throws IOException, InterruptedException {
    commandTime = Input.EVER;
    messageTime = Input.EVER;
    lineEnds = LineEnds.CLASSIC;
    verb = Optional.empty();
    offer = Offer.NONE;
    // As a program it is qmail-smtpd, to the byte; ESMTP belongs to the listener.
    SessionExtensions.Present<SmtpExtension> present =
        onSocket() ? () -> services.extensions().of(session.environment()) : List::of;
    Set<String> required = onSocket() ? Extensions.required(session.environment()) : Set.of();
    hooks = Optional.of(Hooks.join(present, required, this));
  }

  /** The next command line. */
  String line() throws IOException {
    return in.line(commandTime);
  }

  void messageBegins() {
    in.within(messageTime);
  }

  LineEnds lineEnds() {
    return lineEnds;
  }

  /** The client has said its name; from now on it has this offer. */
  void hello(String name, Offer made) {
    session = session.withHello(name);
    offer = made;
  }

  Offer offer() {
    return offer;
  }

  Optional<Transaction> present() {
    return transaction;
  }

  /** Begins a transaction; it depends on what is said of it now whether the one before is over. */
  void begin(Transaction next) {
    earlier = transaction;
    earlierOptions = options;
    if (earlier.isPresent()) {
      transaction = Optional.empty();
      hooks().reset();
    }
    transaction = Optional.of(next);
    options = MessageOptions.NONE;
  }

  /** The transaction that was begun last has nothing against it. */
  void accept() {
    earlier.ifPresent(Transaction::close);
    earlier = Optional.empty();
  }

  /** It has: all is as it was before. */
  void withdraw() {
    clear();
    transaction = earlier;
    options = earlierOptions;
    earlier = Optional.empty();
  }

  /** The recipient as the extensions want it queued; empty if one refuses it, which is told. */
  Optional<Recipient> recipient(String address, List<SmtpParameter> parameters)
      throws IOException, InterruptedException {
    recipientOptions = RecipientOptions.NONE;
    var recipient = new Recipient(address);
    Optional<Reply> objection =
        hooks().recipient(recipient, parameters).or(() -> offer.recipient(parameters));
    if (objection.isPresent()) {
      out.reply(objection.get());
      return Optional.empty();
    }
    return Optional.of(recipient.withOptions(recipientOptions));
  }

  /** There is no transaction any more. */
  void clear() {
    if (transaction.isPresent()) {
      transaction.get().close();
      transaction = Optional.empty();
      hooks().reset();
    }
  }

  /** TLS, after which nothing is left of what was said before (RFC 3207 section 4.2). */
  void startTls(Reply reply, TlsServer server) throws IOException, InterruptedException {
    out.reply(reply);
    out.flush();
    clear();
    hooks().close();
    try {
      connection.startTls(server);
    } catch (IOException | RuntimeException e) {
      LOG.info("{}: TLS failed: {}", session.id(), e.toString());
      throw new SessionEnd("", 1);
    }
    open();
    begin(connection.environment(), Optional.empty());
    join();
  }

  /** Another client; false if it is not let in. The session then begins again. */
  boolean restart(Map<String, String> client, Optional<String> hello, Optional<String> login)
      throws IOException {
    clear();
    hooks().close();
    out.flush(); // the connection itself may say that there are too many
    boolean admitted = connection.client(client);
    begin(connection.environment(), hello);
    login.ifPresent(this::authenticated);
    return admitted;
  }

  private void begin(Map<String, String> environment, Optional<String> hello) {
    session = new Session(session.id(), session.protocol(), environment, hello, session.since());
  }

  /** Tells the client, if there is anything to tell, when the session ends early. */
  void lastWord(SessionEnd end) throws IOException {
    if (end.getMessage().isEmpty()) {
      return;
    }
    if (hooks.isPresent() && transaction.isEmpty()) {
      hooks.get().wake(); // an extension that has left meanwhile is not to be called
    }
    verb = verb.map(v -> HELLO.contains(v) ? "" : v); // that was answered long ago
    if (end.reply().isPresent()) {
      out.reply(end.reply().get());
    } else {
      out.line(end.line(!offer.lines().isEmpty()));
    }
    out.flush();
  }

  /** The session is over. */
  void end() {
    accept();
    clear();
    hooks.ifPresent(Hooks::close);
  }

  /** Whether domains are compared in A-labels: where SMTPUTF8 may be said, whether it is or not. */
  boolean international() {
    return hooks().takes(UTF8);
  }

  /**
   * The protocol word of the Received line (RFC 3848, RFC 6531): qmail's, unless more was used than
   * qmail has, or the listener is to tell EHLO from HELO.
   */
  String with() {
    boolean utf8 = transaction().filter(t -> t.attributes().containsKey(UTF8)).isPresent();
    boolean login = session.user().isPresent();
    boolean tls = tls().isPresent();
    if (!utf8 && !login && !tls) {
      boolean tell = onSocket() && session.environment().containsKey(TRACE);
      return tell && offer.extended() ? "ESMTP" : "SMTP";
    }
    return (utf8 ? "UTF8SMTP" : "ESMTP") + (tls ? "S" : "") + (login ? "A" : "");
  }

  @Override
  public Session session() {
    return session;
  }

  @Override
  public Optional<MailTransaction> transaction() {
    return transaction.map(t -> t.pass().transaction());
  }

  @Override
  public MessageOptions options() {
    return options;
  }

  @Override
  public void options(MessageOptions asked) {
    options = asked;
  }

  @Override
  public void recipientOptions(RecipientOptions asked) {
    recipientOptions = asked;
  }

  @Override
  public Optional<SSLSession> tls() {
    return connection.tls();
  }

  @Override
  public boolean onSocket() {
    return socket;
  }

  @Override
  public long sizeLimit() {
    return sizeLimit;
  }

  @Override
  public void set(String name, String value) {
    Map<String, String> next = new HashMap<>(session.environment());
    next.put(name, value);
    session = session.withEnvironment(next);
  }

  @Override
  public void unset(String name) {
    Map<String, String> next = new HashMap<>(session.environment());
    next.remove(name);
    session = session.withEnvironment(next);
  }

  @Override
  public String ask(Reply challenge) throws IOException {
    return alive(
        () -> {
          out.reply(challenge);
          connection.idle(true);
          try {
            return in.line(commandTime);
          } finally {
            connection.idle(false);
          }
        });
  }

  @Override
  public boolean speaks(Duration within) throws IOException {
    return alive(
        () -> {
          if (!socket) {
            return false; // descriptors cannot wait for just so long
          }
          connection.timeout(within);
          connection.idle(true);
          try {
            return in.speaks();
          } finally {
            connection.idle(false);
            connection.timeout(timeout);
          }
        });
  }

  @Override
  public void patience(Duration command, Duration message) {
    commandTime = command;
    messageTime = message;
  }

  @Override
  public void lineEnds(LineEnds policy) {
    lineEnds = policy;
  }

  /** What is done with the streams. */
  private interface Exchange<T> {
    T run() throws IOException;
  }

  /** Makes the failure of a stream the session's end, which no extension's own failure is. */
  private static <T> T alive(Exchange<T> exchange) throws SessionEnd {
    try {
      return exchange.run();
    } catch (SessionEnd end) {
      throw end;
    } catch (IOException e) {
      throw new SessionEnd("", 1);
    }
  }
}
