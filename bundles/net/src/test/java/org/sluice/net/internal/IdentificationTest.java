package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.NameServer;

/** What the configuration of a listener has it find out about clients. */
@Timeout(60)
class IdentificationTest {
  private static final Map<String, List<String>> RECORDS =
      Map.of(
          "1.0.0.127.in-addr.arpa. PTR", List.of("Here.Example."),
          "7.2.0.192.in-addr.arpa. PTR", List.of("Client.Example."),
          "8.2.0.192.in-addr.arpa. PTR", List.of("liar.example."),
          "client.example. A", List.of("192.0.2.9", "192.0.2.7"),
          "liar.example. A", List.of("192.0.2.9"));

  private NameServer dns;

  @BeforeEach
  void start() throws Exception {
    dns = new NameServer(RECORDS);
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private Identification configured(Map<String, Object> values) throws Exception {
    var config =
        Proxy.newProxyInstance(
            NetConfig.class.getClassLoader(),
            new Class<?>[] {NetConfig.class},
            (proxy, method, arguments) ->
                values.getOrDefault(method.getName(), method.getDefaultValue()));
    return Identification.of((NetConfig) config, dns.address());
  }

  /** TCPLOCALHOST of 127.0.0.1, and TCPREMOTEHOST of 192.0.2.7, .8 and .9. */
  private String names(Map<String, Object> values) throws Exception {
    var identification = configured(values);
    var names = new StringBuilder();
    for (String client : List.of("192.0.2.7", "192.0.2.8", "192.0.2.9")) {
      var seen =
          identification.of(
              new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 25),
              new InetSocketAddress(InetAddress.getByName(client), 1025));
      if (names.isEmpty()) {
        names.append(seen.localHost().orElse("unset"));
      }
      names.append(' ').append(seen.remoteHost().orElse("unset"));
    }
    return names.toString();
  }

  @Test
  void namesOfClients() throws Exception {
    assertEquals("unset unset unset unset", names(Map.of()));
    assertEquals("unset client.example liar.example unset", names(Map.of("lookup", true)));
    assertEquals("unset unset unset unset", names(Map.of("paranoid", true)));
    assertEquals(
        "unset client.example unset unset", names(Map.of("lookup", true, "paranoid", true)));
  }

  @Test
  void theConfiguredLocalName() throws Exception {
    assertEquals("mx.example unset unset unset", names(Map.of("localName", "mx.example")));
    assertEquals(
        "mx.example client.example liar.example unset",
        names(Map.of("localName", "mx.example", "lookup", true)));
  }

  /** Spec 20 section 5.3 step 4; no paranoia there. */
  @Test
  void theLookedUpLocalName() throws Exception {
    assertEquals("here.example unset unset unset", names(Map.of("localLookup", true)));
    assertEquals(
        "here.example unset unset unset", names(Map.of("localLookup", true, "paranoid", true)));
    assertEquals(
        "here.example client.example unset unset",
        names(Map.of("localLookup", true, "lookup", true, "paranoid", true)));
    assertEquals(
        "mx.example unset unset unset",
        names(Map.of("localLookup", true, "localName", "mx.example")));
  }

  private Optional<Ident> ident(Map<String, Object> values) throws Exception {
    return configured(values).ident();
  }

  private static Optional<Ident> asks(int seconds) {
    return Optional.of(new Ident(113, Duration.ofSeconds(seconds), true, 257));
  }

  @Test
  void identServers() throws Exception {
    assertEquals(Optional.empty(), ident(Map.of()));
    assertEquals(Optional.empty(), ident(Map.of("identSeconds", 5)));
    assertEquals(asks(26), ident(Map.of("ident", true)));
    assertEquals(asks(5), ident(Map.of("ident", true, "identSeconds", 5)));
    assertEquals(asks(1), ident(Map.of("ident", true, "identSeconds", 0)));
  }

  /** With the identd of a test, who has not the port 113. */
  @Test
  void aListenerAsksAboutItsClients() throws Exception {
    var configured = configured(Map.of("ident", true));
    var harness = new Harness();
    try (var identd = new Identd("127.0.0.1", "1,2:USERID:UNIX:joe\r\n")) {
      harness.identification =
          new Identification(
              configured.localHost(),
              configured.remoteHost(),
              configured.ident().map(ident -> ident.at(identd.port())));
      harness.rules = (ip, host, info) -> new Verdict(!"joe".equals(info), Map.of("RULE", info));
      harness.with(c -> Echo.say(c, new TreeMap<>(c.environment()).toString()));
      try (harness;
          var client = harness.start().client()) {
        int own = client.socket.getLocalPort();
        int port = client.socket.getPort();
        assertEquals(
            "{PROTO=TCP, RULE=joe, TCPLOCALIP=127.0.0.1, TCPLOCALPORT="
                + (port + ", TCPREMOTEINFO=joe, TCPREMOTEIP=127.0.0.1, TCPREMOTEPORT=")
                + (own + "}"),
            client.line());
        assertEquals(List.of(own + " , " + port), identd.questions());
      }
    }
  }
}
