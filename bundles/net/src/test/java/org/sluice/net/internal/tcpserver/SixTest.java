package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.net.internal.Six;
import org.sluice.net.internal.rules.TcpRules;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.TestContext;

/** The programs tcpserver and tcp-env with clients of IPv6 (spec 20 section 15.14). */
class SixTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");
  private static final String[] SHOW = {
    "sh",
    "-c",
    "for v in PROTO TCPLOCALIP TCPLOCALPORT TCPLOCALHOST TCPREMOTEIP TCPREMOTEPORT TCPREMOTEHOST"
        + " TCPREMOTEINFO FOO; do eval \"echo $v=\\${$v-unset}\"; done"
  };
  private static final String REVERSE = "1." + "0.".repeat(31) + "ip6.arpa. PTR";

  @TempDir Path home;

  @BeforeEach
  void six() throws IOException {
    Six.needed();
  }

  private Running serving(String host, List<String> options, String... program) {
    return Running.servingAt(host, home, PATH, options, program);
  }

  private void rules(String text) throws Exception {
    var context = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(text).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
  }

  @Test
  void environmentAndLogLines() throws Exception {
    try (var server = serving("::1", List.of("-vRHl", "lh.example"), SHOW);
        var client = server.connect("::1")) {
      assertEquals(
          "PROTO=TCP\nTCPLOCALIP=::1\nTCPLOCALPORT="
              + server.port()
              + "\nTCPLOCALHOST=lh.example\nTCPREMOTEIP=::1\nTCPREMOTEPORT="
              + client.getLocalPort()
              + "\nTCPREMOTEHOST=unset\nTCPREMOTEINFO=unset\nFOO=unset\n",
          new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
      assertEquals(
          "tcpserver: status: 0/40\n"
              + "tcpserver: status: 1/40\n"
              + "tcpserver: pid PID from ::1\n"
              + "tcpserver: ok PID lh.example:::1:PORT :::1::PORT\n"
              + "tcpserver: end PID status 0\n"
              + "tcpserver: status: 0/40\n",
          server.log(6));
      assertThrows(ConnectException.class, () -> server.connect("127.0.0.1"));
    }
  }

  @Test
  void rulesForAddressesAndNetworks() throws Exception {
    String[] foo = {"sh", "-c", "echo ${FOO-unset}"};
    rules("[2001:db8::/32]:deny\n[::/12]:allow,FOO=\"network\"\n127.:allow,FOO=\"four\"\n:deny\n");
    try (var server = serving("::1", List.of("-vRHl0", "-xrules.cdb"), foo)) {
      assertEquals("network\n", server.talk("::1", ""));
      rules("[::1]:allow,FOO=\"address\"\n[::/12]:deny\n");
      assertEquals("address\n", server.talk("::1", ""));
      rules("[::1]:deny\n:allow\n");
      assertEquals("", server.talk("::1", ""));
      assertTrue(server.log(16).contains("deny PID 0:::1:PORT :::1::PORT\n"), server.log());
      rules("[::2]:deny\n[::1:0/112]:deny\n");
      assertEquals("unset\n", server.talk("::1", ""));
    }
  }

  @Test
  void doubleColonIsBothAndZeroIsOne() throws Exception {
    String[] ends = {"sh", "-c", "echo $TCPLOCALIP $TCPREMOTEIP $FOO"};
    rules("127.:allow,FOO=\"four\"\n[::1]:allow,FOO=\"six\"\n:deny\n");
    try (var server = serving("::", List.of("-RHl0", "-xrules.cdb"), ends)) {
      assertEquals("::1 ::1 six\n", server.talk("::1", ""));
      assertEquals("127.0.0.1 127.0.0.1 four\n", server.talk("127.0.0.1", ""));
    }
    for (String all : List.of("0", "", "0.0.0.0")) {
      try (var server = serving(all, List.of("-RHl0", "-xrules.cdb"), ends)) {
        assertEquals("127.0.0.1 127.0.0.1 four\n", server.talk("127.0.0.1", ""));
        assertThrows(ConnectException.class, () -> server.connect("::1"));
      }
    }
  }

  @Test
  void names() throws Exception {
    String[] show = {"sh", "-c", "echo $TCPLOCALHOST ${TCPREMOTEHOST-unset}"};
    for (String address : List.of("::1", "2001:db8::1")) {
      var records = Map.of(REVERSE, List.of("Six.Example."), "six.example. AAAA", List.of(address));
      try (var dns = new NameServer(records)) {
        var environment = Map.of("PATH", "/usr/bin:/bin", "DNSCACHEIP", dns.address());
        try (var server = Running.servingAt("::1", home, environment, List.of("-vR"), show)) {
          assertEquals("six.example six.example\n", server.talk("::1", ""));
          String line = "ok PID six.example:::1:PORT six.example:::1::PORT\n";
          assertTrue(server.log(6).contains(line), server.log());
        }
        try (var server = Running.servingAt("::1", home, environment, List.of("-pR"), show)) {
          String checked = address.equals("::1") ? "six.example" : "unset";
          assertEquals("six.example " + checked + "\n", server.talk("::1", ""));
        }
      }
    }
  }

  @Test
  void tcpEnv() throws Exception {
    try (var dns = new NameServer(Map.of(REVERSE, List.of("Six.Example.")));
        var server = new ServerSocket(0, 1, InetAddress.getByName("::1"));
        var connection = SocketChannel.open(server.getLocalSocketAddress())) {
      List<String> arguments = new ArrayList<>(List.of("-R"));
      arguments.addAll(List.of(SHOW));
      var variables =
          Map.of("PATH", "/usr/bin:/bin", "DNSCACHEIP", dns.address(), "TCPREMOTEINFO", "stale");
      var out = new ByteArrayOutputStream();
      var context = Running.context(home, variables, arguments, out, out, Map.of());
      assertEquals(0, new TcpEnv(() -> connection).run(context));
      int own = ((InetSocketAddress) connection.getLocalAddress()).getPort();
      assertEquals(
          "PROTO=TCP\nTCPLOCALIP=::1\nTCPLOCALPORT="
              + own
              + "\nTCPLOCALHOST=six.example\nTCPREMOTEIP=::1\nTCPREMOTEPORT="
              + server.getLocalPort()
              + "\nTCPREMOTEHOST=six.example\nTCPREMOTEINFO=unset\nFOO=unset\n",
          out.toString(StandardCharsets.ISO_8859_1));
    }
  }
}
