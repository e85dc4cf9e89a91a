package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.itest.filter.TestFilter.Behaviour;
import org.sluice.testkit.Installed;

/**
 * Certificates that one side shows and the other does not accept, and those of clients that are
 * good.
 */
class ClientCertificatesIT {
  private static final String TO = Server.user() + "@localhost";
  private static Server server;
  private static Remains remains;
  private static Path good;
  private static Path expired;
  private static Path foreign;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("client-certificates", Map.of());
    Path keys = Files.createDirectory(server.home.resolve("keys"));
    var ours = Authority.make(keys, "ours");
    good = ours.issue("joe", 30);
    expired = ours.issue("past", -1);
    foreign = Authority.make(keys, "theirs").issue("joe", 30);
    Remains.configure(server, "");
    server.conf("org.sluice.tls.cfg", "clientAuthorities = keys/ours.pem\n");
    // Until the filter is there, which writes the client's name into the message, mail is refused.
    server.conf("org.sluice.filters.cfg", "required = stamp\n");
    Path plugins = Files.createDirectories(server.home.resolve("plugins"));
    try (var jar = FilterBundle.jar(1, Behaviour.STAMPS, "sluice.filter.name=stamp")) {
      Files.copy(jar, plugins.resolve("stamp.jar"));
    }
    server.start().listening("smtps").listening("pop3");
    remains = new Remains(server);
    Poll.until(
        "the filter is there",
        60_000,
        () -> {
          try (var client = new SmtpClient(server.port())) {
            client.command("HELO x");
            return client.command("MAIL FROM:<a@b.example>").startsWith("250 ")
                && client.lines("EHLO x").contains("STARTTLS");
          }
        });
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws Exception {
    server.maildir(Server.user()).clear();
  }

  /** The one message that was delivered. */
  private static String delivered() throws Exception {
    var maildir = server.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() > 0 && server.idle());
    assertEquals(1, maildir.count());
    String message = maildir.messages().get(0);
    maildir.clear();
    assertTrue(message.contains(" with ESMTPS; "), message);
    return message;
  }

  private static void swaks(String how, String... more) throws Exception {
    String port = Integer.toString(server.port(how.equals("--tlsc") ? "smtps" : "smtp"));
    String command = "swaks --server 127.0.0.1 --port %s --to %s %s %s";
    Client.run("sh", "-c", command.formatted(port, TO, how, String.join(" ", more)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tls", "--tlsc"})
  void aGoodOneIsInTheEnvironmentAndNobodyMustHaveOne(String how) throws Exception {
    for (String version : new String[] {"tlsv1_2", "tlsv1_3"}) {
      String protocol = "--tls-protocol " + version;
      swaks(how, protocol, "--tls-cert '" + good + "' --tls-key '" + good + "'");
      String message = delivered();
      assertTrue(message.contains("\nClient: CN=joe,O=Clients\n"), message);
      swaks(how, protocol);
      message = delivered();
      assertTrue(message.contains("\nStamp: 1.0.0\n") && !message.contains("\nClient:"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1_2", "TLSv1_3"})
  void aSessionThatIsResumedIsStillTheClients(String version) throws Exception {
    Client.run(
        "python3",
        "-c",
        """
        import smtplib, socket, ssl
        c = ssl.create_default_context(cafile='%s')
        c.load_cert_chain('%s')
        c.minimum_version = c.maximum_version = ssl.TLSVersion.%s
        def client(session, *then):
            raw = socket.create_connection(('localhost', %d))
            s = smtplib.SMTP()
            s.sock = c.wrap_socket(raw, server_hostname='localhost', session=session)
            assert s.getreply()[0] == 220
            assert s.sock.session_reused == (session is not None)
            s.ehlo('x')
            for f in then: f(s)
            session = s.sock.session
            s.quit()
            return session
        first = client(None)
        client(first, lambda s: s.sendmail('a@b.example', ['%s'], 'Subject: x\\n\\nx\\n'))
        """
            .formatted(
                server.home.resolve("certificate.pem"), good, version, server.port("smtps"), TO));
    String message = delivered();
    assertTrue(message.contains("\nClient: CN=joe,O=Clients\n"), message);
  }

  /** Speaks one version of TLS and shows a certificate. */
  private static void refused(String version, X509ExtendedKeyManager shown, String alert)
      throws Exception {
    var context = Certificate.trustingAll(shown);
    var parameters = new SSLParameters(null, new String[] {version});
    var thrown =
        assertThrows(
            SSLException.class,
            () -> {
              try (var socket =
                  (SSLSocket)
                      context.getSocketFactory().createSocket("127.0.0.1", server.port("smtps"))) {
                socket.setSoTimeout(60_000);
                socket.setSSLParameters(parameters);
                socket.getInputStream().read();
              }
            });
    assertTrue(thrown.getMessage().endsWith(alert), thrown::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aBadOneEndsTheSessionWithAnAlert(String version) throws Exception {
    remains.nothingIsLeftOf(
        () -> {
          refused(version, Authority.shown(foreign, foreign), "certificate_unknown");
          refused(version, Authority.shown(expired, expired), "certificate_unknown");
          refused(version, Authority.shown(good, foreign), "handshake_failure");
        });
    String log = remains.log();
    assertTrue(log.contains("TLS failed with 127.0.0.1: javax.net.ssl.SSLHandshakeException"), log);
  }

  @Test
  void opensslIsToldAboutABadOne() throws Exception {
    for (Path bad : List.of(foreign, expired)) {
      for (String how : List.of("", "-tls1_2", "-starttls smtp")) {
        int port = server.port(how.isEmpty() || how.equals("-tls1_2") ? "smtps" : "smtp");
        String command =
            "openssl s_client -ign_eof %s -cert '%s' -key '%2$s' -connect localhost:%d || true";
        String said = Client.output("sh", "-c", command.formatted(how, bad, port));
        assertTrue(said.contains("alert certificate unknown"), said);
      }
    }
  }

  /** Clients that do not know who signed the server's certificate, which they check as always. */
  private static final String DISTRUSTFUL =
      """
      openssl s_client -verify_return_error -connect localhost:%1$d
      openssl s_client -verify_return_error -tls1_2 -connect localhost:%1$d
      openssl s_client -verify_return_error -starttls smtp -connect localhost:%2$d
      openssl s_client -verify_return_error -starttls pop3 -connect localhost:%3$d
      curl -sS smtps://localhost:%1$d
      curl -sS --ssl-reqd smtp://localhost:%2$d
      curl -sS --ssl-reqd pop3://localhost:%3$d
      python3 -c 'import smtplib as s, ssl; s.SMTP_SSL("localhost", %1$d, context=ssl.create_default_context())'
      python3 -c 'import smtplib as s, ssl; s.SMTP("localhost", %2$d).starttls(context=ssl.create_default_context())'
      """;

  @Test
  void aClientThatDoesNotTrustTheServerHangsUp() throws Exception {
    String commands =
        DISTRUSTFUL.formatted(server.port("smtps"), server.port(), server.port("pop3"));
    int before = failures();
    Installed.program("curl");
    remains.nothingIsLeftOf(
        Remains.LIMIT,
        () -> {
          for (String command : commands.lines().toList()) {
            String said = Client.output("sh", "-c", "! " + command);
            assertTrue(said.contains("self-signed certificate"), said);
          }
        });
    long clients = (Remains.LIMIT + 1) * commands.lines().count();
    assertEquals(clients, failures() - before, remains.log());
  }

  /** Of any kind: the JDK understands some of OpenSSL's alerts, and some clients send none. */
  private static int failures() throws IOException {
    return remains.log().split("TLS failed", -1).length - 1;
  }
}
