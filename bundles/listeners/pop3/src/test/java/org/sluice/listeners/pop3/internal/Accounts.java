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
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.auth.file.internal.FileAuthenticator;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.sasl.internal.LoginService;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.TestConnection;

/**
 * A host with the account joe, whose mail is in a Maildir, and logins by a password file; for the
 * tests of the extension bundles as well.
 */
public final class Accounts {
  /** A client on the same host. */
  public static final Map<String, String> LOCAL = Map.of("TCPREMOTEIP", "127.0.0.1");

  /** Another one. */
  public static final Map<String, String> REMOTE = Map.of("TCPREMOTEIP", "192.0.2.1");

  /** How joe logs in. */
  public static final String LOGIN = "USER joe\r\nPASS secret\r\n";

  static final Policy POLICY =
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

  final Path home;
  private long time = 1_700_000_000;
  int uid;
  Policy policy = POLICY;
  Extensions extensions = new Extensions(() -> Duration.ZERO, Duration.ZERO, Duration.ofMillis(10));

  /** Who checks passwords. */
  public final LoginService logins = new LoginService();

  /** The host, with no extension. */
  public Accounts(Path home) throws IOException {
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

  /** Extensions take part in the sessions to come. */
  public Accounts join(Pop3Extension... joining) {
    for (Pop3Extension extension : joining) {
      extensions.bind(extension, Map.of());
    }
    return this;
  }

  Path maildir() {
    return home.resolve("joe/Maildir");
  }

  /** The password file. */
  public void passwords(String text) throws IOException {
    Path file = home.resolve("users/passwords");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A message that is older than the present second, and younger than the one before it. */
  public Path message(String name, String text) throws IOException {
    Path file = Files.writeString(maildir().resolve(name), text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(time++)));
    return file;
  }

  /** Serves one client. */
  public void serve(Connection connection) throws IOException, InterruptedException {
    var services =
        new Services(
            InstantSource.system(), Optional.empty(), Optional.of((Logins) logins), extensions);
    new Pop3Handler(services, policy, MailboxLogin.ownUid()).handle(connection);
  }

  /** Serves on a thread of its own. */
  public Thread start(StreamConnection connection) {
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
  public String say(String text) throws IOException, InterruptedException {
    var connection = new TestConnection(text, LOCAL, 1 << 16);
    serve(connection);
    return connection.heard();
  }

  /** What a client hears after its login. */
  public String read(String text) throws IOException, InterruptedException {
    String heard = say(LOGIN + text);
    String greeting = "(?s)\\+OK [^\r\n]*\r\n\\+OK \r\n\\+OK \r\n.*";
    if (!heard.matches(greeting)) {
      throw new AssertionError("no login: " + heard);
    }
    return heard.replaceFirst("^\\+OK [^\r\n]*\r\n\\+OK \r\n\\+OK \r\n", "");
  }

  /** The configuration says that nobody logs in before TLS. */
  public void requireTls(boolean extended) {
    policy(extended, true, new LoginPolicy(Plaintext.ALWAYS, Plaintext.ALWAYS), policy.allowRoot());
  }

  /** The configuration says where passwords may be sent. */
  public void allow(boolean extended, Plaintext passwords) {
    allow(extended, new LoginPolicy(passwords, Plaintext.ALWAYS));
  }

  /** The configuration says how clients may log in without TLS. */
  public void allow(boolean extended, LoginPolicy how) {
    policy(extended, policy.requireTls(), how, policy.allowRoot());
  }

  /** joe is root, whom the configuration refuses. */
  public void refuseRoot() {
    uid = 0;
    policy(true, false, new LoginPolicy(Plaintext.ALWAYS, Plaintext.ALWAYS), false);
  }

  private void policy(boolean extended, boolean tls, LoginPolicy how, boolean root) {
    policy =
        new Policy(
            policy.hostname(),
            policy.maildir(),
            extended,
            tls,
            how,
            policy.attempts(),
            policy.failureDelay(),
            policy.timeout(),
            root);
  }
}
