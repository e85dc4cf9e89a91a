package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.auth.Logins;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.auth.file.internal.FileAuthenticator;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.base.TlsKeys;
import org.sluice.sasl.internal.LoginService;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.TestConnection;

/** A host with the account joe, whose mail is in a Maildir, and logins by a password file. */
final class Accounts {
  static final Map<String, String> LOCAL = Map.of("TCPREMOTEIP", "127.0.0.1");
  static final Map<String, String> REMOTE = Map.of("TCPREMOTEIP", "192.0.2.1");
  static final String LOGIN = "USER joe\r\nPASS secret\r\n";

  final Path home;
  private long time = 1_700_000_000;
  int uid;
  Policy policy =
      new Policy(
          Optional.of("pop.example"),
          "Maildir",
          true,
          false,
          new LoginPolicy(Plaintext.LOOPBACK, Plaintext.ALWAYS),
          3,
          Duration.ZERO,
          Duration.ofSeconds(60),
          true);
  Optional<TlsServer> tls = Optional.empty();
  final LoginService logins = new LoginService();

  Accounts(Path home) throws IOException {
    this.home = home;
    this.uid = MailboxLogin.ownUid();
    for (String directory : new String[] {"tmp", "new", "cur"}) {
      Files.createDirectories(maildir().resolve(directory));
    }
    var control = new FakeControl(home, Map.of());
    logins.add(
        new FileAuthenticator(
            control,
            name -> Optional.of(new LocalUser(name, uid, uid, home.resolve(name), "", ""))),
        Map.of());
    passwords("joe:{PLAIN}secret\n");
  }

  Path maildir() {
    return home.resolve("joe/Maildir");
  }

  void passwords(String text) throws IOException {
    Path file = home.resolve("users/passwords");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A message that is older than the present second, and younger than the one before it. */
  Path message(String name, String text) throws IOException {
    Path file = Files.writeString(maildir().resolve(name), text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(time++)));
    return file;
  }

  Services services() {
    var keys = new TlsKeys(Duration.ZERO);
    tls.ifPresent(keys::set);
    return new Services(
        InstantSource.system(), Optional.empty(), Optional.of((Logins) logins), keys);
  }

  void serve(Connection connection) throws IOException, InterruptedException {
    new Pop3Handler(services(), policy, MailboxLogin.ownUid()).handle(connection);
  }

  /** Serves on a thread of its own. */
  Thread start(StreamConnection connection) {
    var thread =
        new Thread(
            () -> {
              try {
                serve(connection);
                connection.end();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  /** All that a client on this host hears that says all this. */
  String say(String text) throws IOException, InterruptedException {
    var connection = new TestConnection(text, LOCAL, 1 << 16);
    serve(connection);
    return connection.heard();
  }

  /** What a client hears after its login. */
  String read(String text) throws IOException, InterruptedException {
    String heard = say(LOGIN + text);
    String greeting = "(?s)\\+OK [^\r\n]*\r\n\\+OK \r\n\\+OK \r\n.*";
    if (!heard.matches(greeting)) {
      throw new AssertionError("no login: " + heard);
    }
    return heard.replaceFirst("^\\+OK [^\r\n]*\r\n\\+OK \r\n\\+OK \r\n", "");
  }

  Policy requiringTls(boolean extensions) {
    return new Policy(
        policy.hostname(),
        policy.maildir(),
        extensions,
        true,
        new LoginPolicy(Plaintext.ALWAYS, Plaintext.ALWAYS),
        policy.attempts(),
        policy.failureDelay(),
        policy.timeout(),
        policy.allowRoot());
  }

  Policy with(boolean extensions, Plaintext plaintext) {
    return with(extensions, new LoginPolicy(plaintext, Plaintext.ALWAYS));
  }

  Policy with(boolean extensions, LoginPolicy logins) {
    return new Policy(
        policy.hostname(),
        policy.maildir(),
        extensions,
        policy.requireTls(),
        logins,
        extensions ? policy.attempts() : 1,
        policy.failureDelay(),
        policy.timeout(),
        policy.allowRoot());
  }
}
