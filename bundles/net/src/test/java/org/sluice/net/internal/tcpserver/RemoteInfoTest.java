package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.net.internal.Ident;
import org.sluice.net.internal.Identd;
import org.sluice.net.internal.Six;
import org.sluice.net.internal.rules.TcpRules;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.TestContext;

/** TCPREMOTEINFO of an ident server, through tcpserver and tcp-env (spec 20 sections 5.4, 6.1). */
@Timeout(120)
class RemoteInfoTest {
  private static final String[] SHOW = {"sh", "-c", "echo ${TCPREMOTEINFO-unset} $FOO"};

  /** Nowhere near the 26 and 30 seconds that are the defaults. */
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir Path home;

  private final Map<String, String> environment =
      Map.of("PATH", "/usr/bin:/bin", "TCPREMOTEINFO", "stale");

  private Running serving(Identd identd, String host, String... options) {
    List<String> arguments = new ArrayList<>(List.of("-1vHl0"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of(host, "0"));
    arguments.addAll(List.of(SHOW));
    var program = new TcpServerProgram(false, identd.port());
    return new Running(program, home, environment, arguments, Map.of());
  }

  private static String user(String name) {
    return "42215 , 34657 : USERID : UNIX : " + name + "\r\n";
  }

  /** What tcpserver's program sees, and the log says. */
  private void tcpserver(String answer, String seen, String logged, String... options)
      throws Exception {
    try (var identd = new Identd("127.0.0.1", answer);
        var server = serving(identd, "127.0.0.1", options)) {
      assertEquals(seen + "\n", server.talk(""));
      String line = "ok PID 0:127.0.0.1:PORT :127.0.0.1:" + logged + ":PORT\n";
      assertTrue(server.log(6).contains(line), server.log());
    }
  }

  @Test
  void tcpserverAsks() throws Exception {
    tcpserver(user(" jo\te:x %y"), "joe:x%y", "joe?x?y");
    tcpserver(user("joe"), "joe", "joe", "-Rr");
    tcpserver(user("z".repeat(400)), "z".repeat(257), "z".repeat(100) + "...", "-r");
    tcpserver("1,2:ERROR:NO-USER\r\n", "", "");
    tcpserver("1,2:USERID:UNIX:joe", "unset", "");
    tcpserver(user("joe"), "unset", "", "-R");
    tcpserver(user("joe"), "unset", "", "-rR");
  }

  @Test
  void tcpserverAsksAboutTheConnectionAndBeforeTheRules() throws Exception {
    rules("joe@127.0.0.1:allow,FOO=\"rule\"\n:deny\n");
    try (var identd = new Identd("127.0.0.1", user("joe"));
        var server = serving(identd, "127.0.0.1", "-xrules.cdb");
        var client = server.connect()) {
      byte[] text = client.getInputStream().readAllBytes();
      assertEquals("joe rule\n", new String(text, StandardCharsets.ISO_8859_1));
      String question = client.getLocalPort() + " , " + server.port();
      assertEquals(List.of(question), identd.questions());
    }
  }

  private void rules(String text) throws Exception {
    var context = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(text).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
  }

  @Test
  void tcpserverAsksClientsOfIpv6() throws Exception {
    Six.needed();
    rules("[::1]:allow,FOO=\"six\"\n:deny\n");
    try (var identd = new Identd("::1", user("joe"));
        var server = serving(identd, "::1", "-xrules.cdb")) {
      assertEquals("joe six\n", server.talk("::1", ""));
    }
  }

  private static void assertSoon(long start) {
    var taken = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(taken.compareTo(SOON) < 0, taken.toString());
    assertTrue(taken.compareTo(Duration.ofSeconds(1)) >= 0, taken.toString());
  }

  @Test
  void tcpserverWaitsAsLongAsItIsTold() throws Exception {
    long start = System.nanoTime();
    tcpserver(Identd.SILENT, "unset", "", "-t1");
    assertSoon(start);
  }

  private static Ident asked(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("0", "0", "true"));
    return Ident.ofTcpserver(ServerOptions.parse(arguments, Map.of()).identLimit());
  }

  @Test
  void defaults() throws Exception {
    assertEquals(new Ident(113, Duration.ofSeconds(26), true, 257), asked());
    assertEquals(new Ident(113, Duration.ofSeconds(7), true, 257), asked("-t3", "-t", "7x"));
    var seconds = Duration.ofSeconds(TcpEnvOptions.parse(List.of("true")).seconds());
    assertEquals(new Ident(113, Duration.ofSeconds(30), false, 998), Ident.ofTcpEnv(seconds));
  }

  private String tcpEnv(String answer, String... options) throws Exception {
    var address = InetAddress.getByName("127.0.0.1");
    try (var identd = new Identd("127.0.0.1", answer);
        var dns = new NameServer(Map.of());
        var server = new ServerSocket(0, 1, address);
        var connection = SocketChannel.open(server.getLocalSocketAddress())) {
      List<String> arguments = new ArrayList<>(List.of(options));
      arguments.addAll(List.of(SHOW));
      var out = new ByteArrayOutputStream();
      var variables = new HashMap<>(environment);
      variables.put("DNSCACHEIP", dns.address());
      var context = Running.context(home, variables, arguments, out, out, Map.of());
      assertEquals(0, new TcpEnv(() -> connection, identd.port()).run(context));
      int own = ((InetSocketAddress) connection.getLocalAddress()).getPort();
      for (String question : identd.questions()) {
        assertEquals(server.getLocalPort() + " , " + own, question);
      }
      return out.toString(StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void tcpEnvAsks() throws Exception {
    assertEquals("joe:x%y\n", tcpEnv(user(" jo\te:x %y")));
    assertEquals("z".repeat(400) + "\n", tcpEnv(user("z".repeat(400)), "-Rr"));
    assertEquals("z".repeat(998) + "\n", tcpEnv(user("z".repeat(1100))));
    assertEquals("\n", tcpEnv("1,2:ERROR:NO-USER\r\n"));
    assertEquals("unset\n", tcpEnv("1,2:USERID:UNIX:joe"));
    assertEquals("unset\n", tcpEnv(user("joe"), "-R"));
  }

  @Test
  void tcpEnvWaitsAsLongAsItIsTold() throws Exception {
    long start = System.nanoTime();
    assertEquals("unset\n", tcpEnv(Identd.SILENT, "-t1"));
    assertSoon(start);
  }
}
