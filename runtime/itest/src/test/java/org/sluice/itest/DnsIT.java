package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.ServiceReference;
import org.sluice.testkit.Installed;
import org.sluice.testkit.NameServer;

/**
 * What the DNS decides, in the assembled system: SPF, DKIM and DMARC, with one field on the message
 * and none that is forged; and where mail goes.
 */
class DnsIT {
  private static final String KEY =
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

  /** The example of RFC 8463 appendix A. */
  private static final String MESSAGE =
      """
      DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
       d=football.example.com; i=@football.example.com;
       q=dns/txt; s=brisbane; t=1528637909; h=from : to :
       subject : date : message-id : from : subject : date;
       bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
       b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
       Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
      From: Joe SixPack <joe@football.example.com>
      To: Suzie Q <suzie@shopping.example.net>
      Subject: Is dinner ready?
      Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
      Message-ID: <20030712040037.46341.5F8J@football.example.com>

      Hi.

      We lost the game.  Are you hungry yet?

      Joe.
      """;

  private static final NameServer DNS = dns();

  @RegisterExtension
  static final Framework FRAMEWORK =
      new Framework(
          "dns",
          Map.of(
              "org.sluice.filters.spf.cfg", "fail = reject\n",
              "org.sluice.filters.dkim.cfg", "signatures = 8\n",
              "org.sluice.filters.dmarc.cfg", "fail = reject\n",
              "org.sluice.filters.authres.cfg", "authservId = mx.example\n"));

  private static NameServer dns() {
    try {
      var server =
          new NameServer(
              Map.of(
                  "football.example.com. TXT", List.of("\"v=spf1 ip4:127.0.0.1 -all\""),
                  "_dmarc.football.example.com. TXT", List.of("\"v=DMARC1; p=reject\""),
                  "no.example. TXT", List.of("\"v=spf1 -all\""),
                  "there.example. MX", List.of("20 second.example.", "10 first.example."),
                  "first.example. A", List.of("127.0.0.7"),
                  "second.example. A", List.of("127.0.0.8"),
                  "brisbane._domainkey.football.example.com. TXT", List.of('"' + KEY + '"')));
      System.setProperty("sluice.dns", server.address());
      return server;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @AfterAll
  static void stop() {
    System.clearProperty("sluice.dns");
    DNS.close();
  }

  private static String send(String from, String text) throws IOException {
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      return client.send(from, Server.user() + "@localhost", text);
    }
  }

  /** How many filters a bundle has registered. */
  private static long services(String filter) {
    var registered = FRAMEWORK.bundle("org.sluice.filters." + filter).getRegisteredServices();
    return Arrays.stream(registered == null ? new ServiceReference<?>[0] : registered)
        .filter(service -> service.toString().contains("org.sluice.api.filter."))
        .count();
  }

  @Test
  void theResultsAreInOneFieldAndForgedOnesAreGone() throws Exception {
    Poll.until(
        "all are configured",
        30_000,
        () -> services("spf") == 1 && services("dkim") == 1 && services("authres") == 2);
    assertEquals(
        "550 5.7.23 SPF: no.example does not let 127.0.0.1 send its mail",
        send("joe@no.example", "\n"));
    String forged = "Authentication-Results: mx.example; dkim=pass header.d=bank.example\n";
    assertEquals(
        "550 5.7.26 DMARC: football.example.com asks to refuse this message",
        send("joe@other.example", MESSAGE.replace("dinner", "lunch")));
    assertEquals("250", send("joe@football.example.com", forged + MESSAGE).substring(0, 3));
    Poll.until("delivered", 30_000, () -> FRAMEWORK.maildir().count() == 1);
    String message = FRAMEWORK.maildir().messages().get(0);
    assertTrue(!message.contains("bank.example"), message);
    assertTrue(
        message.contains(
            "\nAuthentication-Results: mx.example;\n"
                + "\tdkim=pass header.d=football.example.com header.s=brisbane"
                + " header.b=\"/gCrinpcQOoI\";\n"
                + "\tdmarc=pass (p=reject) header.from=football.example.com;\n"
                + "\tspf=pass (client 127.0.0.1) smtp.mailfrom=joe@football.example.com\n"
                + "Received: from unknown (HELO client.example) (127.0.0.1)\n"),
        message);
  }

  private static boolean mayListen() {
    try (var socket = new ServerSocket(25, 1, InetAddress.getByName("127.0.0.7"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void mailGoesToTheBestHostOfTheDomainThatTakesIt() throws Exception {
    Installed.program("smtp-sink");
    Installed.machine(mayListen(), "port-25"); // where mail goes that no route names
    Files.writeString(FRAMEWORK.home().resolve("control/rcpthosts"), "localhost\nthere.example\n");
    try (var second = new Sink(FRAMEWORK.home().resolve("second"), "127.0.0.8", 25)) {
      relay();
      Poll.until("the second has it", 60_000, () -> second.count() == 1);
      try (var first = new Sink(FRAMEWORK.home().resolve("first"), "127.0.0.7", 25)) {
        relay();
        Poll.until("the first has it", 60_000, () -> first.count() == 1);
      }
      assertEquals(1, second.count());
    }
  }

  private static void relay() throws IOException {
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      String reply = client.send("", "joe@there.example", "Subject: x\n\nx\n");
      assertEquals("250", reply.substring(0, 3), reply);
    }
  }
}
