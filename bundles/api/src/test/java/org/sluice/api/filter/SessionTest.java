package org.sluice.api.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the environment of spec 20 section 2 tells, as types. */
class SessionTest {
  private static Session with(Map<String, String> environment) {
    return new Session("1", "smtp", environment, Optional.empty(), Instant.EPOCH);
  }

  private static Optional<InetSocketAddress> at(int port, int... octets) throws Exception {
    byte[] address = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      address[i] = (byte) octets[i];
    }
    return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
  }

  @Test
  void bothEndsOfTheConnection() throws Exception {
    var session =
        with(
            Map.of(
                "TCPREMOTEIP", "192.0.2.255",
                "TCPREMOTEPORT", "65535",
                "TCPLOCALIP", "2001:db8::1",
                "TCPLOCALPORT", "25"));
    assertEquals(at(65_535, 192, 0, 2, 255), session.client());
    assertEquals(at(25, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), session.local());
    assertEquals(at(0, 192, 0, 2, 1), with(Map.of("TCPREMOTEIP", "::ffff:192.0.2.1")).client());
  }

  @Test
  void aPortThatIsNotKnownIsZero() throws Exception {
    for (String port : List.of("", "65536", "99999", "123456", "-1", "25 ", "smtp")) {
      var session = with(Map.of("TCPREMOTEIP", "0.0.0.0", "TCPREMOTEPORT", port));
      assertEquals(at(0, 0, 0, 0, 0), session.client(), port);
    }
  }

  @Test
  void whatIsNoAddressIsNone() {
    for (String text :
        List.of(
            "",
            "unknown",
            "localhost",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "1.2.3.999",
            "01.2.3.4",
            "1.2.3.4 ",
            "1.2.3.4\n",
            ":",
            "1:2",
            ".:1",
            "::1%lo",
            "[::1]",
            "a:b::c::d",
            "\u0661.2.3.4")) {
      assertEquals(Optional.empty(), with(Map.of("TCPREMOTEIP", text)).client(), text);
    }
  }

  @Test
  void onDescriptorsThereIsNothing() {
    var session = with(Map.of("PROTO", "TCP"));
    assertEquals(Optional.empty(), session.client());
    assertEquals(Optional.empty(), session.local());
    assertEquals(Optional.empty(), session.tls());
    assertEquals(Optional.empty(), session.user());
  }

  @Test
  void encryptionAndLogin() {
    var session = with(Map.of("SSL_PROTOCOL", "TLSv1.3", "SMTPAUTHUSER", "joe"));
    assertEquals(
        Optional.of(new TlsInfo("TLSv1.3", "", Optional.empty(), Optional.empty())), session.tls());
    assertEquals(Optional.of("joe"), session.user());
    var more =
        session.withEnvironment(
            Map.of(
                "SSL_PROTOCOL", "TLSv1.2",
                "SSL_CIPHER", "TLS_X",
                "SSL_TLS_SNI", "mail.example",
                "SSL_CLIENT_S_DN", "CN=joe"));
    assertEquals(
        Optional.of(
            new TlsInfo("TLSv1.2", "TLS_X", Optional.of("mail.example"), Optional.of("CN=joe"))),
        more.tls());
    assertEquals(Optional.empty(), more.user());
  }
}
