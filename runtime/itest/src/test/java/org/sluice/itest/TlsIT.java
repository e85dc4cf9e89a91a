package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The distribution with a certificate: STARTTLS on its port, smtps and a strict listener besides.
 */
class TlsIT {
  private static Server server;
  private static Path certificate;

  @BeforeAll
  static void start() throws Exception {
    // So that only the service's own settings keep old versions out.
    Path allowed = Server.directory("tls").resolve("allowed.security");
    server =
        new Server(
            "tls",
            Map.of(
                "SLUICE_JAVA_OPTS",
                "-XX:TieredStopAtLevel=1 -Djava.security.properties=" + allowed.toUri()));
    Files.writeString(allowed, "jdk.tls.disabledAlgorithms=SSLv3\n");
    certificate = server.home.resolve("certificate.pem");
    makeCertificate("localhost");
    server.conf("org.sluice.net-smtps.cfg", listener("smtps", "tls = true\nlimit = 20\n"));
    server.conf(
        "org.sluice.net-strict.cfg",
        listener("strict", "environment = UCSPITLS=!\\nSMTPEXTENSIONS=starttls\n"));
    server.start();
    server.listening("smtps").listening("strict");
    Poll.until(
        "the extensions are there",
        60_000,
        () -> {
          try (var client = new SmtpClient(server.port())) {
            String said = client.lines("EHLO x");
            return said.contains("STARTTLS") && said.contains("CHUNKING");
          }
        });
  }

  private static String listener(String name, String more) {
    return "protocol = smtp\nname = %s\naddress = 127.0.0.1\nport = 0\n%s".formatted(name, more);
  }

  /** In qmail's servercert.pem. */
  private static void makeCertificate(String commonName) throws Exception {
    String made = Certificate.make(server.home, commonName);
    Path both = Files.writeString(Files.createTempFile(server.home, "both", ".pem"), made);
    Files.move(both, server.home.resolve("control/servercert.pem"), StandardCopyOption.ATOMIC_MOVE);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws Exception {
    server.maildir(Server.user()).clear();
  }

  private static String to() {
    return Server.user() + "@localhost";
  }

  /** The one message that was delivered. */
  private static String delivered() throws Exception {
    var maildir = server.maildir(Server.user());
    Poll.until("delivered", 120_000, () -> maildir.count() > 0 && server.idle());
    assertEquals(1, maildir.count());
    return maildir.messages().get(0);
  }

  private static void deliveredOverTls() throws Exception {
    String message = delivered();
    assertTrue(message.contains(" with ESMTPS; "), message);
  }

  private static String python(String text) {
    return "import smtplib,ssl,socket\nc=ssl.create_default_context(cafile='%s')\n"
            .formatted(certificate)
        + text;
  }

  @Test
  void opensslTrustsTheCertificate() throws Exception {
    for (String how :
        List.of(
            "-starttls smtp -connect localhost:" + server.port(),
            "-connect localhost:" + server.port("smtps"))) {
      String said =
          Client.output(
              "sh",
              "-c",
              "(sleep 1; echo NOOP; sleep 1; echo QUIT) | openssl s_client -quiet -crlf -verify_return_error -verify_hostname localhost -CAfile '%s' %s"
                  .formatted(certificate, how));
      assertTrue(said.contains("250 ok\r\n221 localhost\r\n"), said);
    }
  }

  /** The client and the server's JDK would: what is refused is refused by the service. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1", "-tls1_1"})
  void oldProtocolsAreRefused(String version) throws Exception {
    String said = handshake("! ", version);
    assertTrue(said.contains("alert protocol version"), said);
    assertTrue(said.contains("Cipher is (NONE)"), said);
    said = handshake("", "-tls1_2");
    assertTrue(said.contains("Protocol  : TLSv1.2\n"), said);
  }

  /** What openssl tells of a session in one version, with all that it once took for secure. */
  private static String handshake(String negation, String version) throws Exception {
    return Client.output(
        "sh",
        "-c",
        "%sopenssl s_client %s -cipher DEFAULT:@SECLEVEL=0 -crlf -connect localhost:%d </dev/null"
            .formatted(negation, version, server.port("smtps")));
  }

  @Test
  void renegotiationIsRefused() throws Exception {
    // R is a command only where nothing else is read with it.
    String script =
        """
        awaits() { until grep -q "$1" said; do sleep 0.1; done; }
        : >said
        (awaits '^220 '; echo R; awaits RENEGOTIATING; echo NOOP; sleep 1) |
          openssl s_client -tls1_2 -connect localhost:%d >said 2>&1
        cat said
        """
            .formatted(server.port("smtps"));
    String said = Client.output("sh", "-c", "cd '" + server.home + "'\n" + script);
    assertTrue(said.contains("RENEGOTIATING"), said);
    assertFalse(said.contains("250 ok"), said);
  }

  @Test
  void swaksStartTls() throws Exception {
    Client.run("swaks", "--tls", "--server", "127.0.0.1:" + server.port(), "--to", to());
    deliveredOverTls();
  }

  @Test
  void swaksStartTlsAndPipelining() throws Exception {
    Client.run(
        "swaks", "--tls", "--pipeline", "--server", "127.0.0.1:" + server.port(), "--to", to());
    deliveredOverTls();
  }

  @Test
  void swaksTlsOnConnect() throws Exception {
    Client.run("swaks", "--tlsc", "--server", "127.0.0.1:" + server.port("smtps"), "--to", to());
    deliveredOverTls();
  }

  @Test
  void swaksWithoutTlsWhereItIsAMust() throws Exception {
    String address = "127.0.0.1:" + server.port("strict");
    String said =
        Client.output("sh", "-c", "swaks --server %s --to %s || true".formatted(address, to()));
    assertTrue(said.contains("530 5.7.0 must issue STARTTLS first"), said);
    Client.run("swaks", "--tls", "--server", address, "--to", to());
    deliveredOverTls();
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtps://localhost:%d", "smtp://localhost:%d"})
  void curl(String url) throws Exception {
    int port = server.port(url.startsWith("smtps") ? "smtps" : "smtp");
    Path mail = Files.writeString(server.home.resolve("mail.txt"), "Subject: x\r\n\r\n.\r\n");
    Client.run(
        "curl",
        "-sS",
        "--ssl-reqd",
        "--cacert",
        certificate.toString(),
        "--url",
        url.formatted(port),
        "--mail-from",
        "a@b.example",
        "--mail-rcpt",
        to(),
        "-T",
        mail.toString());
    deliveredOverTls();
  }

  @Test
  void pythonStartTls() throws Exception {
    Client.run(
        "python3",
        "-c",
        python(
            """
            s = smtplib.SMTP('localhost', %d)
            s.starttls(context=c)
            s.ehlo()
            assert s.has_extn('size') and not s.has_extn('starttls'), s.esmtp_features
            s.sendmail('a@b.example', ['%s'], 'Subject: x\\n\\nhello\\n', ['BODY=8BITMIME'])
            s.quit()
            """
                .formatted(server.port(), to())));
    deliveredOverTls();
  }

  @Test
  void whatIsInjectedBehindStarttlsIsThrownAway() throws Exception {
    String said =
        Client.output(
            "python3",
            "-c",
            python(
                """
                s = socket.create_connection(('localhost', %d))
                s.recv(1000)
                s.sendall(b'STARTTLS\\r\\nMAIL FROM:<evil@b>\\r\\nRCPT TO:<%s>\\r\\n')
                assert s.recv(1000).startswith(b'220 ')
                t = c.wrap_socket(s, server_hostname='localhost')
                t.sendall(b'DATA\\r\\nNOOP\\r\\n')
                said = b''
                while not b'250 ok' in said:
                    said += t.recv(1000)
                print(said)
                """
                    .formatted(server.port(), to())));
    assertTrue(said.contains("503 MAIL first (#5.5.1)"), said);
    assertEquals(0, server.maildir(Server.user()).count());
  }

  @Test
  void quitIsFollowedByACloseNotify() throws Exception {
    Client.run(
        "python3",
        "-c",
        python(
            """
            s = socket.create_connection(('localhost', %d))
            t = c.wrap_socket(s, server_hostname='localhost', suppress_ragged_eofs=False)
            t.sendall(b'QUIT\\r\\n')
            said = b''
            while True:
                more = t.recv(1000)
                if not more: break
                said += more
            assert said.endswith(b'221 localhost\\r\\n'), said
            """
                .formatted(server.port("smtps"))));
  }

  @Test
  void aMessageIsNotQueuedWhenTheClientGoes() throws Exception {
    Client.run(
        "python3",
        "-c",
        python(
            """
            s = socket.create_connection(('localhost', %d))
            t = c.wrap_socket(s, server_hostname='localhost')
            t.sendall(b'HELO x\\r\\nMAIL FROM:<a@b>\\r\\nRCPT TO:<%s>\\r\\nDATA\\r\\n')
            said = b''
            while not b'\\n354 ' in said:
                said += t.recv(1000)
            t.sendall(b'Subject: x\\r\\n\\r\\nhalf\\r\\n')
            s.close()
            """
                .formatted(server.port("smtps"), to())));
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO x");
      assertTrue(client.send("a@b", to(), "Subject: whole\n\nx\n").startsWith("250"));
    }
    assertTrue(delivered().contains("Subject: whole\n"));
  }

  @Test
  void aNewCertificateIsUsedWithoutARestart() throws Exception {
    makeCertificate("renewed");
    try {
      Poll.until(
          "the new certificate is shown",
          30_000,
          () -> {
            try {
              return Client.output(
                      "sh",
                      "-c",
                      "openssl s_client -connect localhost:%d </dev/null"
                          .formatted(server.port("smtps")))
                  .contains("CN = renewed");
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    } finally {
      makeCertificate("localhost");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/1.0\r\n\r\n", "EHLO x\r\nMAIL FROM:<a>\r\n", "\26\3\1\377\377"})
  void whoSpeaksNoTlsCostsNothing(String said) throws Exception {
    // More connections than the listener has room for at once.
    for (int i = 0; i < 50; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port("smtps"))) {
        socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    swaksTlsOnConnect();
  }

  @Test
  void aMessageInChunksIsTheSameMessage() throws Exception {
    String text = "Subject: x\r\n\r\n.\r\n..\r\nlast\r\n";
    try (var client = new SmtpClient(server.port())) {
      client.command("EHLO x");
      client.command("MAIL FROM:<a@b.example> BODY=8BITMIME SIZE=" + text.length());
      client.command("RCPT TO:<" + to() + ">");
      assertEquals(
          "250 2.0.0 21 octets received", client.command("BDAT 21\r\n" + text.substring(0, 19)));
      String rest = text.substring(21);
      assertTrue(
          client
              .command("BDAT " + rest.length() + " LAST\r\n" + rest.substring(0, rest.length() - 2))
              .startsWith("250 2.0.0 ok "));
    }
    assertEquals(text.replace("\r\n", "\n"), Maildir.withoutTrace(delivered()));
  }
}
