package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.net.internal.StatusLines;
import org.sluice.net.internal.rules.TcpRules;
import org.sluice.testkit.Installed;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.TestContext;

/** The chapter's examples (spec 20 section 5.8), with programs of the operating system. */
class TcpServerProgramTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");
  private static final String SHOW =
      "for v in PROTO TCPLOCALIP TCPLOCALHOST TCPREMOTEIP TCPREMOTEHOST TCPREMOTEINFO FOO; do"
          + " eval \"echo $v=\\${$v-unset}\"; done";
  private static final String USAGE =
      "tcpserver: usage: tcpserver [ -1UXpPhHrRoOdDqQv ] [ -c limit ] [ -x rules.cdb ]"
          + " [ -B banner ] [ -g gid ] [ -u uid ] [ -b backlog ] [ -l localname ] [ -t timeout ]"
          + " host port program\n";

  @TempDir Path home;

  private Running serving(List<String> options, String... program) {
    return Running.serving(home, PATH, options, program);
  }

  private void rules(String text) throws Exception {
    var context = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(text).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
  }

  /** What a run leaves that does not get to listen. */
  private String refused(int status, String... arguments) throws Exception {
    var running = new Running(home, PATH, List.of(arguments), Map.of());
    assertEquals(status, running.status());
    return running.log();
  }

  @Test
  void connectionsAndLogLines() throws Exception {
    try (var server = serving(List.of("-vRHl", "lh.example"), "cat")) {
      assertEquals("hello\n\u00ff\0", server.talk("hello\n\u00ff\0"));
      assertEquals(
          "tcpserver: status: 0/40\n"
              + "tcpserver: status: 1/40\n"
              + "tcpserver: pid PID from 127.0.0.1\n"
              + "tcpserver: ok PID lh.example:127.0.0.1:PORT :127.0.0.1::PORT\n"
              + "tcpserver: end PID status 0\n"
              + "tcpserver: status: 0/40\n",
          server.log(6));
    }
  }

  @Test
  void staleVariablesAreRemoved() throws Exception {
    var environment =
        Map.of(
            "PATH", "/usr/bin:/bin", "TCPREMOTEHOST", "old", "TCPREMOTEINFO", "old", "FOO", "kept");
    try (var server = Running.serving(home, environment, List.of("-RHl", ""), "sh", "-c", SHOW)) {
      assertEquals(
          "PROTO=TCP\nTCPLOCALIP=127.0.0.1\nTCPLOCALHOST=\nTCPREMOTEIP=127.0.0.1\n"
              + "TCPREMOTEHOST=unset\nTCPREMOTEINFO=unset\nFOO=kept\n",
          server.talk(""));
      assertEquals("", server.log());
    }
  }

  private static Map<String, String> with(NameServer dns) {
    return Map.of("PATH", "/usr/bin:/bin", "DNSCACHEIP", dns.address());
  }

  @Test
  void names() throws Exception {
    var records =
        Map.of(
            "1.0.0.127.in-addr.arpa. PTR", List.of("Liar.Example."),
            "liar.example. A", List.of("9.9.9.9"));
    String[] show = {"sh", "-c", "echo $TCPLOCALHOST ${TCPREMOTEHOST-unset}"};
    try (var dns = new NameServer(records)) {
      try (var server = Running.serving(home, with(dns), List.of("-vR"), show)) {
        assertEquals("liar.example liar.example\n", server.talk(""));
        assertTrue(
            server
                .log(6)
                .contains("ok PID liar.example:127.0.0.1:PORT liar.example:127.0.0.1::PORT\n"));
      }
      try (var server = Running.serving(home, with(dns), List.of("-pR"), show)) {
        assertEquals("liar.example unset\n", server.talk(""));
      }
      try (var server = Running.serving(home, with(dns), List.of("-pPRH"), show)) {
        assertEquals("liar.example unset\n", server.talk(""));
      }
    }
  }

  @Test
  void theNameMayBeThatOfTheRoot() throws Exception {
    var records =
        Map.of(
            "1.0.0.127.in-addr.arpa. PTR", List.of("."),
            ". A", List.of("127.0.0.1"));
    String[] show = {"sh", "-c", "echo $TCPLOCALHOST ${TCPREMOTEHOST-unset}"};
    try (var dns = new NameServer(records)) {
      try (var server = Running.serving(home, with(dns), List.of("-vR"), show)) {
        assertEquals(". .\n", server.talk(""));
        assertTrue(server.log(6).contains("ok PID .:127.0.0.1:PORT .:127.0.0.1::PORT\n"));
      }
      try (var server = Running.serving(home, with(dns), List.of("-pR"), show)) {
        assertEquals(". unset\n", server.talk("")); // nobody asks what it leads to
      }
    }
  }

  @Test
  void rulesSetAndDeny() throws Exception {
    rules(
        "127.0.0.1:allow,TCPREMOTEIP=\"1.2.3.4\",TCPLOCALHOST=\"zz\",TCPREMOTEINFO=\"fromrule\",FOO=\"a=b c\"\n");
    try (var server = serving(List.of("-vRHl0", "-x", "rules.cdb"), "sh", "-c", SHOW)) {
      assertEquals(
          "PROTO=TCP\nTCPLOCALIP=127.0.0.1\nTCPLOCALHOST=zz\nTCPREMOTEIP=1.2.3.4\n"
              + "TCPREMOTEHOST=unset\nTCPREMOTEINFO=fromrule\nFOO=a=b c\n",
          server.talk(""));
      assertTrue(server.log(6).contains("ok PID 0:127.0.0.1:PORT :127.0.0.1::PORT\n"));
      rules("127.:deny\n");
      assertEquals("", server.talk(""));
      assertTrue(
          server
              .log(11)
              .endsWith(
                  "tcpserver: deny PID 0:127.0.0.1:PORT :127.0.0.1::PORT\n"
                      + "tcpserver: end PID status 25600\n"
                      + "tcpserver: status: 0/40\n"));
      Files.write(home.resolve("rules.cdb"), new byte[0]);
      assertEquals("", server.talk(""));
      assertTrue(
          server
              .log(16)
              .contains(
                  "tcpserver: warning: dropping connection, unable to read rules.cdb: protocol error\n"));
    }
  }

  @Test
  void missingRules() throws Exception {
    try (var server = serving(List.of("-vRHl0", "-xnone.cdb"), "cat")) {
      assertEquals("", server.talk("x"));
      assertTrue(
          server
              .log(6)
              .endsWith(
                  "tcpserver: warning: dropping connection, unable to read none.cdb: file does not exist\n"
                      + "tcpserver: end PID status 28416\n"
                      + "tcpserver: status: 0/40\n"));
    }
    try (var server = serving(List.of("-RHl0", "-Xxnone.cdb"), "cat")) {
      assertEquals("x", server.talk("x"));
    }
  }

  @Test
  void programsThatCannotBeRun() throws Exception {
    Files.writeString(home.resolve("text"), "no program\n");
    for (String program : List.of("nonexistentprog", "./text")) {
      try (var server = serving(List.of("-vRHl0"), program)) {
        assertEquals("", server.talk("x"));
        String why = program.equals("./text") ? "access denied" : "file does not exist";
        assertTrue(
            server
                .log(7)
                .endsWith(
                    "tcpserver: ok PID 0:127.0.0.1:PORT :127.0.0.1::PORT\n"
                        + "tcpserver: warning: dropping connection, unable to run "
                        + program
                        + ": "
                        + why
                        + "\n"
                        + "tcpserver: end PID status 28416\n"
                        + "tcpserver: status: 0/40\n"),
            server.log());
      }
    }
  }

  @Test
  void waitStatus() throws Exception {
    for (var status : Map.of("exit 7", 1792, "kill -9 $$", 9, "exit 111", 28416).entrySet()) {
      try (var server = serving(List.of("-vRHl0"), "sh", "-c", status.getKey())) {
        server.talk("");
        assertTrue(
            server.log(6).contains("end PID status " + status.getValue() + "\n"), server.log());
      }
    }
  }

  @Test
  void bannerComesBeforeTheRules() throws Exception {
    rules(":deny\n");
    try (var server = serving(List.of("-RHl0", "-B220 hi\r\n", "-xrules.cdb"), "cat")) {
      assertEquals("220 hi\r\n", server.talk(""));
    }
  }

  @Test
  void oneAtATime() throws Exception {
    try (var server = serving(List.of("-vRHl0", "-c1"), "sh", "-c", "echo hello; cat >/dev/null")) {
      try (var first = server.connect();
          var second = server.connect()) {
        byte[] hello = "hello\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
            "hello\n", new String(first.getInputStream().readNBytes(6), StandardCharsets.US_ASCII));
        second.setSoTimeout(300);
        org.junit.jupiter.api.Assertions.assertThrows(
            SocketTimeoutException.class, () -> second.getInputStream().read());
        first.shutdownOutput();
        second.setSoTimeout(60_000);
        org.junit.jupiter.api.Assertions.assertArrayEquals(
            hello, second.getInputStream().readNBytes(6));
      }
      assertFalse(server.log(11).contains("status: 2/1"));
    }
  }

  @Test
  void slowReadersGetAll() throws Exception {
    try (var server = serving(List.of("-RHl0"), "sh", "-c", "head -c 9000000 /dev/zero");
        var client = server.connect()) {
      Thread.sleep(2_500); // the program has long written what fits into the pipe, and waits
      assertEquals(9_000_000, client.getInputStream().readAllBytes().length);
    }
  }

  @Test
  void programsOfOursGetTheStreams() throws Exception {
    var programs =
        Map.<String, org.sluice.api.program.Program>of(
            "upper",
            context -> {
              String text = new String(context.in().readAllBytes(), StandardCharsets.ISO_8859_1);
              String answer =
                  text.toUpperCase(java.util.Locale.ROOT)
                      + context.arguments()
                      + context.environment().get("TCPREMOTEIP");
              context.out().write(answer.getBytes(StandardCharsets.ISO_8859_1));
              context.err().write("upper: done\n".getBytes(StandardCharsets.ISO_8859_1));
              return 3;
            });
    var arguments = List.of("-1vRHl0", "127.0.0.1", "0", "upper", "a", "b");
    try (var server = new Running(home, PATH, arguments, programs)) {
      assertEquals("HI[a, b]127.0.0.1", server.talk("hi"));
      assertTrue(
          server.log(7).contains("upper: done\ntcpserver: end PID status 768\n"), server.log());
    }
  }

  @Test
  void anotherUser() throws Exception {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    Installed.program("setpriv");
    if (root) {
      String[] show = {"sh", "-c", "id -u; id -g; id -G"};
      try (var server = serving(List.of("-RHl0", "-u65534", "-g", "65533"), show)) {
        assertEquals("65534\n65533\n65533\n", server.talk(""));
      }
      String[] rights = {"sh", "-c", "grep -E '^(Groups|CapEff|NoNewPrivs)' /proc/self/status"};
      try (var server = serving(List.of("-RHl0", "-u65534", "-g", "65533"), rights)) {
        String none = "0".repeat(16);
        assertEquals("Groups:\t65533 \nCapEff:\t" + none + "\nNoNewPrivs:\t0\n", server.talk(""));
      }
      try (var server = serving(List.of("-RHl0", "-g12"), show)) {
        assertEquals("0\n12\n12\n", server.talk(""));
      }
      var ids = Map.of("PATH", "/usr/bin:/bin", "UID", "1", "GID", "2");
      try (var server = Running.serving(home, ids, List.of("-URHl0"), show)) {
        assertEquals("1\n2\n2\n", server.talk(""));
      }
    } else {
      assertEquals(
          "tcpserver: fatal: unable to set uid: permission denied\n",
          refused(111, "-u1", "127.0.0.1", "0", "true"));
      assertEquals(
          "tcpserver: fatal: unable to set gid: permission denied\n",
          refused(111, "-g1", "127.0.0.1", "0", "true"));
    }
  }

  @Test
  void refusals() throws Exception {
    assertEquals(USAGE, refused(100));
    assertEquals(USAGE, refused(100, "127.0.0.1", "0"));
    assertEquals("", refused(100, "-q", "127.0.0.1", "0"));
    assertEquals("tcpserver: illegal option -- z\n" + USAGE, refused(100, "-qz", "0", "0", "x"));
    assertEquals("tcpserver: option requires an argument -- c\n" + USAGE, refused(100, "-c"));
    assertEquals(
        "tcpserver: fatal: unable to figure out port number for nosuchservice\n",
        refused(111, "0", "nosuchservice", "x"));
    assertEquals(
        "tcpserver: fatal: unable to bind: address not available\n",
        refused(111, "192.0.2.1", "0", "x"));
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = "" + taken.getLocalPort();
      assertEquals(
          "tcpserver: fatal: unable to bind: address already used\n",
          refused(111, "127.0.0.1", port, "x"));
      assertEquals("", refused(111, "-q", "127.0.0.1", port, "x"));
    }
  }

  @Test
  void ports() throws Exception {
    assertEquals(25, ServicePort.of("smtp"));
    assertEquals(25, ServicePort.of("mail"), "an alias");
    assertEquals(25, ServicePort.of("65561"));
    assertEquals(0, ServicePort.of(""));
  }

  @Test
  void longValuesAreCutInTheLog() {
    assertEquals("a?b?c??", StatusLines.clean("a b:c%\u00e9"));
    assertEquals("x".repeat(99), StatusLines.clean("x".repeat(99)));
    assertEquals("x".repeat(100) + "...", StatusLines.clean("x".repeat(100)));
    assertEquals("x".repeat(100) + "...", StatusLines.clean("x".repeat(300)));
  }

  @Test
  void anInterruptEndsSessionsToo() throws Exception {
    var server = serving(List.of("-vRHl0"), "cat");
    try (var client = server.connect()) {
      server.log(4);
      server.interrupt();
      assertEquals(Running.INTERRUPTED, server.status());
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void hundredClientsWhoSayNothingAndGo() throws Exception {
    String[] quiet = {"sh", "-c", "exec cat 2>/dev/null"}; // or it says that it was reset
    try (var server = serving(List.of("-vRHl0", "-c200"), quiet)) {
      List<java.net.Socket> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        clients.add(server.connect());
      }
      for (var client : clients) {
        client.setSoLinger(true, 0); // a reset
        client.close();
      }
      assertEquals("still here", server.talk("still here"));
      server.log(1 + 101 * 5);
      assertTrue(server.log().endsWith("tcpserver: status: 0/200\n"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
