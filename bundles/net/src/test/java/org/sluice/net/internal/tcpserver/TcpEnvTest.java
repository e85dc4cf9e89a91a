package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.NameServer;

/**
 * What tcp-env makes of a connection; the connection on descriptor 0 itself is for the assembled
 * system.
 */
class TcpEnvTest {
  private static final List<String> SHOW =
      List.of(
          "sh",
          "-c",
          "for v in PROTO TCPLOCALIP TCPLOCALHOST TCPREMOTEIP TCPREMOTEHOST TCPREMOTEINFO; do"
              + " eval \"echo $v=\\${$v-unset}\"; done; exit 5");

  @TempDir Path home;
  private int status;

  private String run(Channel descriptor, Map<String, String> environment, String... options)
      throws Exception {
    var arguments = new java.util.ArrayList<>(List.of(options));
    arguments.addAll(SHOW);
    var variables = new HashMap<>(environment);
    variables.put("PATH", "/usr/bin:/bin");
    var out = new ByteArrayOutputStream();
    var context = Running.context(home, variables, arguments, out, out, Map.of());
    status = new TcpEnv(() -> descriptor).run(context);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void protoAlreadySetMeansNothingToDo() throws Exception {
    assertEquals(
        "PROTO=TCP\nTCPLOCALIP=unset\nTCPLOCALHOST=unset\nTCPREMOTEIP=9.9.9.9\n"
            + "TCPREMOTEHOST=unset\nTCPREMOTEINFO=kept\n",
        run(null, Map.of("PROTO", "TCP", "TCPREMOTEIP", "9.9.9.9", "TCPREMOTEINFO", "kept")));
    assertEquals(5, status);
  }

  @Test
  void noConnectionOrNoProgram() throws Exception {
    assertEquals("", run(null, Map.of()));
    assertEquals(111, status);
    assertEquals("", run(null, Map.of("PROTO", "TCPX")));
    assertEquals(111, status);
    var out = new ByteArrayOutputStream();
    for (List<String> arguments :
        List.of(List.<String>of(), List.of("-R"), List.of("-Rt"), List.of("--"))) {
      var context = Running.context(home, Map.of("PROTO", "TCP"), arguments, out, out, Map.of());
      assertEquals(111, new TcpEnv(() -> null).run(context));
    }
    var missing =
        Running.context(
            home, Map.of("PROTO", "TCP"), List.of("nonexistentprog"), out, out, Map.of());
    assertEquals(111, new TcpEnv(() -> null).run(missing));
    assertEquals("", out.toString());
  }

  @Test
  void aConnectionOfAnotherKind() throws Exception {
    var address = UnixDomainSocketAddress.of(home.resolve("socket"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        var client = SocketChannel.open(server.getLocalAddress());
        var accepted = server.accept();
        var unconnected = SocketChannel.open()) {
      for (Channel descriptor : List.of(client, accepted, unconnected, server)) {
        assertEquals("", run(descriptor, Map.of()));
        assertEquals(111, status);
      }
    }
  }

  /** qmail's tcp-env calls execvp(3), unlike what is of ucspi-tcp. */
  @Test
  void theShellRunsWhatTheSystemCannot() throws Exception {
    Path program = Files.writeString(home.resolve("text"), "exit 5\n");
    assertTrue(program.toFile().setExecutable(true));
    var out = new ByteArrayOutputStream();
    var context =
        Running.context(home, Map.of("PROTO", "TCP"), List.of("./text"), out, out, Map.of());
    assertEquals(5, new TcpEnv(() -> null).run(context));
  }

  @Test
  void namesOfBothEnds() throws Exception {
    var records =
        Map.of(
            "1.0.0.127.in-addr.arpa. PTR",
            List.of("Local.Example."),
            "5.0.0.127.in-addr.arpa. PTR",
            NameServer.SERVFAIL);
    try (var dns = new NameServer(records);
        var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var connection = SocketChannel.open()) {
      connection.bind(new InetSocketAddress("127.0.0.5", 0));
      connection.connect(server.getLocalSocketAddress());
      var environment = Map.of("DNSCACHEIP", dns.address(), "TCPREMOTEINFO", "stale");
      assertEquals(
          "PROTO=TCP\nTCPLOCALIP=127.0.0.5\nTCPLOCALHOST=softdnserror\nTCPREMOTEIP=127.0.0.1\n"
              + "TCPREMOTEHOST=local.example\nTCPREMOTEINFO=unset\n",
          run(connection, environment, "-zR", "-Q", "--"));
      // Nobody listens at port 113.
      assertEquals(5, status);
      run(connection, environment, "-Rrt2");
      assertEquals(5, status);
    }
  }

  @Test
  void theRootIsAnEmptyName() throws Exception {
    try (var dns = new NameServer(Map.of("1.0.0.127.in-addr.arpa. PTR", List.of(".")));
        var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        var connection = SocketChannel.open(server.getLocalSocketAddress())) {
      String said = run(connection, Map.of("DNSCACHEIP", dns.address()), "-R");
      assertTrue(said.contains("TCPREMOTEHOST=\n"), said);
    }
  }

  @Test
  void options() {
    assertEquals(
        new TcpEnvOptions(true, 30, List.of("p", "-R")), TcpEnvOptions.parse(List.of("p", "-R")));
    assertEquals(
        new TcpEnvOptions(false, 7, List.of("p")), TcpEnvOptions.parse(List.of("-zRt7x", "p")));
    assertEquals(
        new TcpEnvOptions(true, 8, List.of("-x")),
        TcpEnvOptions.parse(List.of("-Rr", "-t", "8", "--", "-x")));
    assertEquals(
        new TcpEnvOptions(true, 0, List.of("-")), TcpEnvOptions.parse(List.of("-tx", "-")));
  }
}
