package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.Installed;

/**
 * Clients that people use, with a login inside TLS that they check: STARTTLS, STLS, smtps, pop3s.
 */
class TlsLoginsIT {
  private static final String JOE = "joe";
  private static final String TEXT = "Subject: stored\n\nhello\n";
  private static Server server;
  private static Path certificate;
  private static String password;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("tls-logins", Map.of());
    String said = server.sluice("mailbox", "add", JOE);
    password = said.substring(said.indexOf(" password ") + 10).strip();
    server.control("servercert.pem", Certificate.make(server.home));
    certificate = server.home.resolve("certificate.pem");
    server.control(
        "smtproutes", "far.example:127.0.0.1:1\n"); // what is accepted waits in the queue
    for (String protocol : List.of("smtp", "pop3")) {
      String listener = "protocol = %s\naddress = 127.0.0.1\nport = 0\ntls = true\n";
      server.conf("org.sluice.net-%ss.cfg".formatted(protocol), listener.formatted(protocol));
    }
    server.conf("org.sluice.smtp.auth.cfg", "plaintext = never\n");
    server.conf(
        "org.sluice.listeners.pop3.cfg",
        "extensions = true\nplaintext = never\nallowRoot = ${sluice.allow.root}\n");
    Path stored = server.maildir(JOE).path().resolve("cur/1.a:2,S");
    Files.writeString(stored, TEXT);
    Files.setLastModifiedTime(stored, FileTime.fromMillis(1_700_000_000_000L));
    server.start().listening("pop3").listening("smtps").listening("pop3s");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(server.home.resolve(name), text);
    Files.setAttribute(file, "unix:mode", 0600);
    return file;
  }

  /** Only those who have logged in may send to another host. */
  private static void relayed(String subject) throws Exception {
    Path queued = server.home.resolve("log/qmail-send");
    Poll.until(
        subject,
        60_000,
        () -> Files.readString(queued).contains("<" + subject + "@client.example>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp", "smtps"})
  void msmtp(String protocol) throws Exception {
    String sender = "msmtp-" + protocol;
    Path config =
        secret(
            "msmtprc",
            """
            account default
            host localhost
            port %d
            tls on
            tls_starttls %s
            tls_trust_file %s
            auth on
            user %s
            password %s
            from %s@client.example
            """
                .formatted(
                    server.port(protocol),
                    protocol.equals("smtp") ? "on" : "off",
                    certificate,
                    JOE,
                    password,
                    sender));
    Path message = Files.writeString(server.home.resolve("message"), "Subject: x\n\n.\nx\n");
    String line = "msmtp -C '%s' x@far.example <'%s'".formatted(config, message);
    Installed.program("msmtp");
    Client.run("sh", "-c", line);
    relayed(sender);
    secret("msmtprc", Files.readString(config).replace(password, "wrong"));
    assertThrows(AssertionError.class, () -> Client.run("sh", "-c", line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5"})
  void swaks(String mechanism) throws Exception {
    String sender = "swaks-" + mechanism.toLowerCase(java.util.Locale.ROOT);
    String[] words = {
      "--tls",
      "--tls-verify",
      "--tls-ca-path",
      certificate.toString(),
      "--server",
      "localhost:" + server.port(),
      "--auth",
      mechanism,
      "--auth-user",
      JOE,
      "--auth-password",
      password,
      "--from",
      sender + "@client.example",
      "--to",
      "x@far.example"
    };
    if (mechanism.equals("CRAM-MD5")) {
      // It needs the password itself, of which the server keeps but what checks it.
      assertThrows(AssertionError.class, () -> Client.run("swaks", words));
    } else {
      Client.run("swaks", words);
      relayed(sender);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp", "smtps"})
  void curlSends(String protocol) throws Exception {
    Path message = Files.writeString(server.home.resolve("mail.txt"), "Subject: x\r\n\r\nx\r\n");
    Path config = secret("curlrc", "user = \"" + JOE + ":" + password + "\"\n");
    String sender = "curl-" + protocol;
    Client.run(
        "curl",
        "-sS",
        "--ssl-reqd",
        "--cacert",
        certificate.toString(),
        "-K",
        config.toString(),
        "--mail-from",
        sender + "@client.example",
        "--mail-rcpt",
        "x@far.example",
        "-T",
        message.toString(),
        protocol + "://localhost:" + server.port(protocol));
    relayed(sender);
  }

  /** As fetched; qmail-pop3d adds an empty line. */
  private static void check(String fetched) {
    assertEquals(TEXT + "\n", fetched.replace("\r\n", "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pop3", "pop3s"})
  void curlFetches(String protocol) throws Exception {
    Path config = secret("curlrc", "user = \"" + JOE + ":" + password + "\"\n");
    check(
        Client.output(
            "curl",
            "-sS",
            "--ssl-reqd",
            "--cacert",
            certificate.toString(),
            "-K",
            config.toString(),
            protocol + "://localhost:" + server.port(protocol) + "/1"));
  }

  private static Path emptyMaildir(String name) throws IOException {
    Path maildir = server.home.resolve("fetched").resolve(name);
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(maildir.resolve(part));
    }
    return maildir;
  }

  private static String only(Path maildir) throws IOException {
    try (var files = Files.list(maildir.resolve("new"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      return Files.readString(all.get(0), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pop3", "pop3s"})
  void mpop(String protocol) throws Exception {
    Path fetched = emptyMaildir("mpop-" + protocol);
    Path config =
        secret(
            "mpoprc",
            """
            account default
            host localhost
            port %d
            tls on
            tls_starttls %s
            tls_trust_file %s
            auth user
            user %s
            password %s
            keep on
            received_header off
            uidls_file %s
            delivery maildir %s
            """
                .formatted(
                    server.port(protocol),
                    protocol.equals("pop3") ? "on" : "off",
                    certificate,
                    JOE,
                    password,
                    fetched.resolve("uidls"),
                    fetched));
    Client.run("mpop", "-q", "-C", config.toString());
    check(only(fetched));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pop3", "pop3s"})
  void fetchmail(String protocol) throws Exception {
    Path fetched = emptyMaildir("fetchmail-" + protocol);
    Path config =
        secret(
            "fetchmailrc",
            """
            set no bouncemail
            poll localhost service %d protocol pop3 auth password
            username "%s" password "%s" %s sslproto "TLS1.2+" sslcertck sslcertfile "%s"
            keep fetchall no rewrite no mimedecode
            mda "cat >%s/new/1"
            """
                .formatted(
                    server.port(protocol),
                    JOE,
                    password,
                    protocol.equals("pop3s") ? "ssl" : "",
                    certificate,
                    fetched));
    Client.run(
        "fetchmail",
        "--invisible",
        "--nosyslog",
        "--pidfile",
        server.home.resolve("fetchmail.pid").toString(),
        "-i",
        server.home.resolve("fetchids-" + protocol).toString(),
        "-f",
        config.toString());
    check(only(fetched));
  }

  @Test
  void python() throws Exception {
    Client.run(
        "python3",
        "-c",
        """
        import poplib, smtplib, ssl
        c = ssl.create_default_context(cafile='%s')
        p = poplib.POP3_SSL('localhost', %d, context=c)
        assert 'STLS' not in p.capa(), p.capa()
        p.user('%s'); p.pass_('%5$s')
        assert p.stat()[0] == 1 and p.retr(1)[1][0] == b'Subject: stored'
        p.quit()
        s = smtplib.SMTP_SSL('localhost', %4$d, context=c)
        s.login('joe', '%5$s')
        s.sendmail('python@client.example', ['x@far.example'], 'Subject: x\\n\\nx\\n')
        s.quit()
        """
            .formatted(certificate, server.port("pop3s"), JOE, server.port("smtps"), password));
    relayed("python");
  }

  @Test
  void opensslSpeaksStls() throws Exception {
    String said =
        Client.output(
            "sh",
            "-c",
            "(sleep 1; echo NOOP; echo USER %s; echo PASS %s; sleep 1; echo STAT; echo QUIT; sleep 1) | openssl s_client -quiet -crlf -starttls pop3 -verify_return_error -verify_hostname localhost -CAfile '%s' -connect localhost:%d"
                .formatted(JOE, password, certificate, server.port("pop3")));
    assertTrue(said.contains("+OK 1 " + TEXT.length() + "\r\n"), said);
  }

  @Test
  void withoutTlsNoPasswordIsTaken() throws Exception {
    try (var client = new SmtpClient(server.port())) {
      assertTrue(!client.lines("EHLO x").contains("PLAIN"));
    }
    try (var client = new Pop3Client(server.port("pop3"))) {
      assertTrue(client.command("USER " + JOE).startsWith("-ERR "));
    }
  }
}
