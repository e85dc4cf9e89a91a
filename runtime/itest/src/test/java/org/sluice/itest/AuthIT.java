package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins of real clients in POP3 and SMTP, inside TLS and in the clear. */
class AuthIT {
  private static final String JOE = "joe";
  private static Server server;
  private static String password;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("auth", Map.of());
    String said = server.sluice("mailbox", "add", JOE);
    password = said.substring(said.indexOf(" password ") + 10).strip();
    server.control("servercert.pem", Certificate.make(server.home));
    Files.setAttribute(server.home.resolve("control/servercert.pem"), "unix:mode", 0600);
    // No host: what is accepted for it waits in the queue.
    server.control("smtproutes", "far.example:127.0.0.1:1\n");
    String example = "org.sluice.net-submission.cfg";
    server.conf(
        example,
        Files.readString(Server.DIST.resolve("conf/" + example + ".example"))
            .replace("port = 2587\n", "port = 0\n"));
    server.start();
    // Once it listens, what was installed is there for the very first client.
    String offered = offered();
    assertTrue(offered.contains("STARTTLS") && offered.contains("AUTH "), offered);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void python(String script) throws Exception {
    Client.run("python3", "-c", "import smtplib, poplib, ssl\n" + script);
  }

  private static String session(String... lines) throws IOException {
    return sessionWith("smtp", lines);
  }

  private static String sessionWith(String listener, String... lines) throws IOException {
    return "s = smtplib.SMTP('127.0.0.1', %d)\n".formatted(server.port(listener))
        + String.join("\n", lines)
        + "\ns.quit()\n";
  }

  private static final String TLS =
      "c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE\n";

  @Test
  void smtpInsideTls() throws Exception {
    var maildir = server.maildir(JOE);
    maildir.clear();
    python(
        TLS
            + session(
                "s.ehlo('x')",
                "assert 'SCRAM-SHA-256' in s.esmtp_features['auth'], s.esmtp_features",
                "s.starttls(context=c)",
                "s.ehlo('x')",
                "s.user, s.password = '%s', '%s'".formatted(JOE, password),
                "assert s.auth('PLAIN', s.auth_plain)[0] == 235",
                "s.sendmail('a@b.example', ['joe@localhost', 'x@far.example'], 'Subject: x\\n\\nx\\n')"));
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
    String message = maildir.messages().get(0);
    assertTrue(message.contains("(HELO x) (joe@127.0.0.1)\n"), message);
    assertTrue(message.contains(" with ESMTPSA; "), message);
  }

  /** Else it would be told that there is no AUTH, and then that it needs one: for good. */
  @Test
  void whoComesWhileLoginsAreReplacedWaits() throws Exception {
    server.listening("submission");
    server.sluice("shell", "stop " + bundle("Sluice logins ("));
    try (var client = new Socket(InetAddress.getLoopbackAddress(), server.port("submission"))) {
      client.setSoTimeout(1_000);
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
      server.sluice("shell", "start " + bundle("Sluice logins ("));
      client.setSoTimeout(60_000);
      assertEquals('2', client.getInputStream().read());
    }
    python(
        TLS
            + sessionWith(
                "submission",
                "s.starttls(context=c)",
                "s.ehlo('x')",
                "assert 'PLAIN' in s.esmtp_features['auth'], s.esmtp_features"));
  }

  /** The number of the bundle whose name begins so. */
  private static String bundle(String name) throws Exception {
    return server
        .sluice("shell", "lb")
        .lines()
        .filter(line -> line.contains("|" + name))
        .map(line -> line.substring(0, line.indexOf('|')).strip())
        .findFirst()
        .orElseThrow();
  }

  /** The listener of the example demands first TLS, then a login. */
  @Test
  void submission() throws Exception {
    server.listening("submission");
    try (var client = new SmtpClient(server.port("submission"))) {
      client.command("EHLO x");
      assertEquals("530 5.7.0 must issue STARTTLS first", client.command("MAIL FROM:<a@b>"));
      assertEquals("530 5.7.0 must issue STARTTLS first", client.command("AUTH PLAIN"));
    }
    python(
        TLS
            + sessionWith(
                "submission",
                "s.ehlo('x')",
                "s.starttls(context=c)",
                "s.ehlo('x')",
                "assert s.mail('a@b.example')[0] == 530",
                "s.login('%s', '%s')".formatted(JOE, password),
                "s.sendmail('a@b.example', ['x@far.example'], 'Subject: x\\n\\nx\\n')"));
  }

  @Test
  void smtpByLoginOnThisHost() throws Exception {
    python(
        session(
            "s.ehlo('x')",
            "s.user, s.password = '%s', '%s'".formatted(JOE, password),
            "assert s.auth('LOGIN', s.auth_login)[0] == 235",
            "s.sendmail('a@b.example', ['x@far.example'], 'Subject: x\\n\\nx\\n')"));
  }

  /** One side of RFC 5802, whose other side proves to know the secret's keys, too. */
  private static final String SCRAM =
      """
      def b64(octets): return base64.b64encode(octets).decode()
      def hm(key, text): return hmac.digest(key, text.encode(), 'sha256')
      def scram(secret, nonce='fyko+d2lbbFgONRv9qkxdawL'):
          bare = 'n=joe,r=' + nonce
          code, said = s.docmd('AUTH', 'SCRAM-SHA-256 ' + b64(('n,,' + bare).encode()))
          assert code == 334, (code, said)
          first = base64.b64decode(said).decode()
          got = dict(part.split('=', 1) for part in first.split(','))
          assert got['r'].startswith(nonce) and len(got['r']) >= len(nonce) + 16, first
          salt, rounds = base64.b64decode(got['s']), int(got['i'])
          salted = hashlib.pbkdf2_hmac('sha256', secret.encode(), salt, rounds)
          last = 'c=biws,r=' + got['r']
          signed = ','.join((bare, first, last))
          key = hm(salted, 'Client Key')
          mask = hm(hashlib.sha256(key).digest(), signed)
          proof = b64(bytes(a ^ b for a, b in zip(key, mask)))
          code, said = s.docmd(b64((last + ',p=' + proof).encode()))
          if code != 334:
              return code, said
          expected = 'v=' + b64(hm(hm(salted, 'Server Key'), signed))
          assert base64.b64decode(said).decode() == expected, (said, expected)
          return s.docmd('')
      """;

  private static final String RELAY =
      "assert s.mail('a@b.example')[0] == 250 and s.rcpt('x@far.example')[0] == 250\n";

  @Test
  void smtpByScram() throws Exception {
    python(
        "import base64, hashlib, hmac\n"
            + SCRAM
            + session(
                "s.ehlo('x')",
                "assert scram('wrong') == (535, b'5.7.8 authentication failed')",
                "assert s.mail('a@b.example')[0] == 250 and s.rcpt('x@far.example')[0] == 553",
                "assert s.rset()[0] == 250",
                "assert scram('%s') == (235, b'2.7.0 welcome')".formatted(password),
                RELAY));
  }

  /** It needs the secret itself, which only this kind of line holds. */
  @Test
  void smtpByCramMd5() throws Exception {
    Path passwords = server.home.resolve("users/passwords");
    String before = Files.readString(passwords);
    Files.writeString(passwords, "joe:{PLAIN}joes secret\n");
    try {
      Poll.until("CRAM-MD5 is offered", 60_000, () -> offered().contains("CRAM-MD5"));
      python(
          session(
              "s.ehlo('x')",
              "s.user, s.password = 'joe', 'joes wrong secret'",
              "try:",
              "  s.auth('CRAM-MD5', s.auth_cram_md5)",
              "  assert False",
              "except smtplib.SMTPAuthenticationError as e:",
              "  assert e.smtp_code == 535, e",
              "assert s.mail('a@b.example')[0] == 250 and s.rcpt('x@far.example')[0] == 553",
              "assert s.rset()[0] == 250",
              "s.password = 'joes secret'",
              "assert s.auth('CRAM-MD5', s.auth_cram_md5) == (235, b'2.7.0 welcome')",
              RELAY));
    } finally {
      Files.writeString(passwords, before);
      Poll.until("SCRAM is offered", 60_000, () -> offered().contains("SCRAM-SHA-256"));
    }
  }

  private static String offered() throws IOException {
    try (var client = new SmtpClient(server.port())) {
      return client.lines("EHLO x");
    }
  }

  @Test
  void smtpByCurl() throws Exception {
    Path mail = Files.writeString(server.home.resolve("mail.txt"), "Subject: x\r\n\r\nx\r\n");
    List<String> arguments =
        List.of(
            "-sS",
            "-k",
            "--ssl-reqd",
            "--url",
            "smtp://127.0.0.1:" + server.port(),
            "--mail-from",
            "a@b.example",
            "--mail-rcpt",
            "x@far.example",
            "-T",
            mail.toString());
    String[] anonymous = arguments.toArray(new String[0]);
    assertThrows(AssertionError.class, () -> Client.run("curl", anonymous));
    var authenticated = new java.util.ArrayList<>(arguments);
    authenticated.addAll(List.of("-u", JOE + ":" + password));
    Client.run("curl", authenticated.toArray(new String[0]));
  }

  @Test
  void aWrongPassword() throws Exception {
    python(
        session(
            "try:",
            "  s.login('joe', 'wrong')",
            "  assert False",
            "except smtplib.SMTPAuthenticationError as e:",
            "  assert e.smtp_code == 535, e"));
  }

  @Test
  void pop3InsideTls() throws Exception {
    python(
        TLS
            + """
            p = poplib.POP3('127.0.0.1', %d)
            assert 'STLS' in p.capa(), p.capa()
            p.stls(context=c)
            assert 'STLS' not in p.capa()
            p.user('joe'); p.pass_('%s')
            p.stat(); p.quit()
            """
                .formatted(server.port("pop3"), password));
    Path config = server.home.resolve("curlrc");
    Files.writeString(config, "user = \"" + JOE + ":" + password + "\"\n");
    String url = "pop3://127.0.0.1:" + server.port("pop3") + "/";
    Client.run("curl", "-sS", "-k", "--ssl-reqd", "-K", config.toString(), url);
  }

  @Test
  void nothingSecretIsInTheLog() throws Exception {
    try (var client = Pop3Client.login(server.port("pop3"), JOE, password)) {
      assertEquals("+OK ", client.command("QUIT"));
    }
    try (var client = new Pop3Client(server.port("pop3"))) {
      client.command("USER " + JOE);
      client.command("PASS hush-hush-hush");
    }
    String log = Files.readString(server.home.resolve("log/sluice"));
    assertTrue(log.contains("login of joe failed"), log);
    assertTrue(!log.contains("hush") && !log.contains(password));
  }
}
