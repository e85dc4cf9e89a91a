package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.net.internal.ListeningSocket;
import org.sluice.testkit.Installed;

/** Programs that have the connection itself (spec 20 section 5.3 step 10). */
@Timeout(120)
class HandOverTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");
  private static final String SAME = "[ /proc/self/fd/0 -ef /proc/self/fd/1 ] && echo same";

  @TempDir Path home;

  private Running serving(List<String> options, String... program) {
    return Running.serving(home, PATH, options, program);
  }

  private static String heard(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void theProgramCanAskWhoTheClientIs() throws Exception {
    Installed.program("perl");
    String ask =
        "my ($port, $ip) = sockaddr_in(getpeername(STDIN) // die \"$!\\n\");"
            + " my ($own) = sockaddr_in(getsockname(STDOUT) // die \"$!\\n\");"
            + " print \"$port $own \", inet_ntoa($ip), ' ', fcntl(STDIN, F_GETFL, 0) & O_NONBLOCK";
    String[] program = {"perl", "-MSocket", "-MFcntl", "-e", ask};
    // The banner is written by the session's thread, which is a virtual one on newer JDKs.
    try (var server = serving(List.of("-RHl0", "-B220 "), program);
        var client = server.connect()) {
      String seen = client.getLocalPort() + " " + server.port() + " 127.0.0.1 0";
      assertEquals("220 " + seen, heard(client), server.log());
    }
  }

  /** Option 1 of level 6 is TCP_NODELAY. */
  @Test
  void repliesAreDelayedOrNot() throws Exception {
    Installed.program("perl");
    String[] ask = {"perl", "-e", "print unpack('i', getsockopt(STDIN, 6, 1) // die) ? 1 : 0"};
    var expected = Map.of("-RHl0", "0", "-DRHl0", "1", "-dDRHl0", "1", "-DdRHl0", "0");
    for (var run : expected.entrySet()) {
      try (var server = serving(List.of(run.getKey()), ask)) {
        assertEquals(run.getValue(), server.talk(""), run.getKey());
      }
    }
  }

  @Test
  void anotherUserHasItToo() throws Exception {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    List<String> options = root ? List.of("-RHl0", "-u65534", "-g65534") : List.of("-RHl0");
    String user = root ? "65534" : Files.getAttribute(home, "unix:uid").toString();
    try (var server = serving(options, "sh", "-c", SAME + "; id -u")) {
      assertEquals("same\n" + user + "\n", server.talk(""));
    }
  }

  @Test
  void whatIsLeftBehindKeepsTheClientButNotThePlace() throws Exception {
    String script = "exec 3<&0 2>/dev/null; echo now; (read line <&3; echo later $line) & exit 7";
    try (var server = serving(List.of("-vRHl0", "-c1"), "sh", "-c", script);
        var first = server.connect()) {
      assertTrue(server.log(6).endsWith("end PID status 1792\ntcpserver: status: 0/1\n"));
      try (var second = server.connect()) {
        say(second, "2\n");
        assertEquals("now\nlater 2\n", heard(second));
      }
      say(first, "1\n");
      assertEquals("now\nlater 1\n", heard(first));
    }
  }

  @Test
  void aProgramKeepsItsPlaceWithoutTheClient() throws Exception {
    String script =
        "exec <&- >&-; while [ -d \"$PWD\" -a ! -e go ]; do sleep 0.05; done; kill -9 $$";
    try (var server = serving(List.of("-vRHl0", "-c1"), "sh", "-c", script)) {
      assertEquals("", server.talk(""), "the server has no copy that keeps the client");
      assertFalse(server.log().contains("end "), server.log());
      Files.createFile(home.resolve("go"));
      assertTrue(server.log(6).endsWith("end PID status 9\ntcpserver: status: 0/1\n"));
    }
  }

  @Test
  void stoppingWaitsOnlyForSessionsOfThisProcess() throws Exception {
    var here = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var log = new ServerLog(OutputStream.nullOutputStream(), ServerOptions.Verbosity.NOTHING);
    var address = InetAddress.getByName("127.0.0.1");
    try (var listening = ListeningSocket.ofChannel(address, 0, 5)) {
      var loop =
          new AcceptLoop(
              listening,
              5,
              log,
              (socket, pid, handedOver) -> {
                here.countDown();
                goOn.await();
                handedOver.run();
                new CountDownLatch(1).await(); // its program runs on
                return 0;
              });
      var running = new Thread(() -> run(loop), "loop");
      running.start();
      try (var client = new Socket(address, listening.getLocalPort())) {
        client.setSoTimeout(60_000);
        here.await();
        loop.stop();
        running.join(200);
        assertTrue(running.isAlive(), "a session that is still here");
        goOn.countDown();
        running.join();
        assertEquals(-1, client.getInputStream().read());
      }
    }
  }

  private static void run(AcceptLoop loop) {
    try {
      loop.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
