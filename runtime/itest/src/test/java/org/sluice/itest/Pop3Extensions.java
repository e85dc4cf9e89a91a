package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** The jars of POP3's extensions are taken away from a running server and put back. */
record Pop3Extensions(Server server, String user, String password) {
  /** What is needed besides the listener. */
  static final String PLUGINS = "pop3.auth pop3.capa pop3.stls pop3.utf8 tls";

  private static final String CAPA = "org.sluice.pop3.capa";
  private static final List<String> ALL =
      List.of("org.sluice.pop3.auth", CAPA, "org.sluice.pop3.stls", "org.sluice.pop3.utf8");

  /** Before the server starts: keys for TLS, and a listener that demands extensions. */
  static void prepare(Server server) throws IOException, InterruptedException {
    server.control("servercert.pem", Certificate.make(server.home));
    server.conf(
        "org.sluice.net-demanding.cfg",
        "protocol = pop3\nname = demanding\naddress = 127.0.0.1\nport = 0\n"
            + "environment = POP3EXTENSIONS=auth\\,stls\n");
  }

  private Pop3Client client() throws IOException {
    return new Pop3Client(server.port("pop3"));
  }

  /** For a client that comes now. */
  private List<String> capabilities() throws IOException {
    try (var client = client()) {
      return client.capabilities();
    }
  }

  /** Whether none of them is in the dialogue. */
  private boolean absent() throws IOException {
    boolean all = true;
    try (var client = client()) {
      for (String command : List.of("CAPA", "STLS x", "AUTH", "UTF8 x")) {
        all &= client.command(command).equals("-ERR authorization first");
      }
    }
    return all;
  }

  /** All of them go and come back; no session is cut, and the dialogue is qmail's meanwhile. */
  void comeAndGo(Jars jars) throws Exception {
    List<String> all = capabilities();
    assertEquals(
        "TOP UIDL PIPELINING RESP-CODES AUTH-RESP-CODE EXPIRE NEVER UTF8 USER"
            + " SASL SCRAM-SHA-256 PLAIN LOGIN STLS",
        String.join(" ", all));
    try (var old = client()) {
      for (String bundle : ALL) {
        jars.take(bundle);
      }
      Poll.until("one is away", 60_000, () -> !capabilities().equals(all));
      assertEquals(all, old.capabilities(), "a session keeps those that it began with");
      assertEquals("+OK ", old.login(user, password).command("QUIT"));
    }
    Poll.until("all are away", 60_000, this::absent);
    server.listening("demanding");
    var waiting = new Socket(InetAddress.getLoopbackAddress(), server.port("demanding"));
    try (var client = client().login(user, password)) {
      assertEquals("-ERR unimplemented", client.command("CAPA"));
    }
    try (var client = client()) {
      client.command("USER " + user);
      assertEquals("-ERR authorization failed", client.command("PASS wrong"));
      assertThrows(EOFException.class, client::line, "qmail-popup allows one attempt");
    }
    for (String bundle : ALL) {
      jars.putBack(bundle);
    }
    try (var client = new Pop3Client(waiting)) {
      assertTrue(client.line().startsWith("+OK "), "it was kept until they came back");
      assertEquals("+OK begin TLS", client.command("STLS"));
    }
    Poll.until("all are back", 60_000, () -> capabilities().equals(all));
  }

  /** A new version takes its place when the sessions of the old one have ended. */
  void replaced(Jars jars) throws Exception {
    List<String> all = capabilities();
    try (var old = client().login(user, password)) {
      jars.write(CAPA);
      Poll.until("it is being replaced", 60_000, () -> capabilities().isEmpty());
      assertEquals(0, jars.updates(CAPA));
      assertTrue(old.lines("CAPA").contains("IMPLEMENTATION Sluice"), "it keeps that as well");
      assertEquals("+OK ", old.command("QUIT"));
    }
    jars.updated(CAPA, 1);
    Poll.until("it is back", 60_000, () -> capabilities().equals(all));
  }
}
