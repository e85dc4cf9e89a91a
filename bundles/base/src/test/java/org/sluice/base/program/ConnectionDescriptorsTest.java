package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/** What programs and their clients see of a connection that was handed over. */
@Timeout(120)
class ConnectionDescriptorsTest {
  /** The client's port as the program sees it, and whether the connection is not blocking. */
  private static final String PEER =
      "my ($port) = sockaddr_in(getpeername(STDIN) // die \"$!\\n\");"
          + " print $port, ' ', fcntl(STDOUT, F_GETFL, 0) & O_NONBLOCK";

  @TempDir Path directory;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Socket client;
  private Socket connection;
  private int handedOver;

  /** Runs {@code nested} itself, which runs its arguments and then writes. */
  private static final ProgramSource SOURCE =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context)
            throws IOException, InterruptedException {
          if (!name.equals("nested")) {
            return OptionalInt.empty();
          }
          int status = context.exec(context.arguments());
          context.out().write("ours\n".getBytes(StandardCharsets.US_ASCII));
          return OptionalInt.of(status);
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("no queue here");
        }
      };

  @BeforeEach
  void connect() throws IOException {
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
      listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      client = new Socket("127.0.0.1", listening.socket().getLocalPort());
      client.setSoTimeout(60_000);
      connection = listening.socket().accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    connection.close();
  }

  private int run(String... argv) throws IOException, InterruptedException {
    Runnable over =
        () -> {
          handedOver++;
          closeConnection();
        };
    var descriptors = new ConnectionDescriptors(connection, Optional.of(err), over);
    var environment = Map.of("PATH", "/usr/bin:/bin");
    return new Run(SOURCE, List.of(argv), environment, directory, descriptors, Optional.empty())
        .run();
  }

  private void closeConnection() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String heard() throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private void say(String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void bothDescriptorsAreTheConnection() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "no perl");
    connection.getChannel().configureBlocking(false); // as a virtual thread leaves it
    assertEquals(0, run("perl", "-MSocket", "-MFcntl", "-e", PEER), err::toString);
    assertEquals(client.getLocalPort() + " 0", heard());
    assertEquals(1, handedOver);
    connect();
    assertEquals(0, run("sh", "-c", "[ /proc/self/fd/0 -ef /proc/self/fd/1 ]"));
  }

  @Test
  void whatTheProgramLeavesBehindGoesOn() throws Exception {
    String script = "exec 3<&0 2>/dev/null; (read line <&3; echo later $line) & echo now";
    assertEquals(0, run("sh", "-c", script));
    byte[] now = client.getInputStream().readNBytes(4);
    assertEquals("now\n", new String(now, StandardCharsets.US_ASCII));
    say("line\n");
    assertEquals("later line\n", heard());
  }

  @Test
  void theEndIsWhereTheLastHolderCloses() throws Exception {
    String script =
        "echo x; exec <&- >&-; while [ -d \"$PWD\" -a ! -e go ]; do sleep 0.05; done; exit 3";
    CompletableFuture<Integer> status = new CompletableFuture<>();
    var thread =
        new Thread(
            () -> {
              try {
                status.complete(run("sh", "-c", script));
              } catch (IOException | InterruptedException e) {
                status.completeExceptionally(e);
              }
            });
    thread.start();
    assertEquals("x\n", heard());
    assertFalse(status.isDone(), "the program runs on, without the connection");
    Files.createFile(directory.resolve("go"));
    assertEquals(3, status.get(60, TimeUnit.SECONDS));
  }

  @Test
  void descriptor2IsWrittenAsBefore() throws Exception {
    run("sh", "-c", "echo e >&2");
    assertEquals("e\n", err.toString());
  }

  @Test
  void octetsThatOnlyAShellCanPassOn() throws Exception {
    assertEquals(0, run("printf", "%s", "\u00e9\n"));
    assertEquals("\u00e9\n", heard());
    assertEquals(1, handedOver);
  }

  @Test
  void aProgramOfOursStillHasItWhenItHasRunAnother() throws Exception {
    assertEquals(0, run("nested", "sh", "-c", "[ /proc/self/fd/0 -ef /proc/self/fd/1 ] && echo x"));
    assertEquals(0, handedOver);
    connection.close();
    assertEquals("x\nours\n", heard());
  }

  /** The sockets of this process that it has more than one descriptor of. */
  private static List<Path> copies() throws IOException {
    Set<Path> seen = new HashSet<>();
    List<Path> copies = new ArrayList<>();
    for (Path socket : sockets().values()) {
      if (!seen.add(socket)) {
        copies.add(socket);
      }
    }
    return copies;
  }

  /** The descriptors of this process that are sockets. */
  private static Map<Path, Path> sockets() throws IOException {
    Map<Path, Path> sockets = new HashMap<>();
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        if (Files.isSymbolicLink(link)) { // others were closed meanwhile
          Path target = Files.readSymbolicLink(link);
          if (target.toString().startsWith("socket:")) {
            sockets.put(link, target);
          }
        }
      }
    }
    return sockets;
  }

  @Test
  void noCopyIsLeftOpen() throws Exception {
    List<Path> before = copies();
    Path text = Files.writeString(directory.resolve("text"), "no program\n");
    assertThrows(IOException.class, () -> run(text.toString()));
    assertThrows(IOException.class, () -> run("no-such-program"));
    assertEquals(0, handedOver);
    assertEquals(before, copies());
    say("still here\n");
    assertEquals(0, run("sh", "-c", "read line; echo $line"));
    assertEquals("still here\n", heard());
    assertEquals(before, copies());
    assertThrows(IOException.class, () -> run("true"));
    assertEquals(before, copies());
  }

  @Test
  void theNumberOfAClosedConnectionIsNotTakenForIt() throws Exception {
    Set<Path> numbers = sockets().keySet();
    connection.close();
    numbers.removeAll(sockets().keySet());
    assertEquals(1, numbers.size(), numbers::toString);
    Path number = numbers.iterator().next();
    Path file = Files.createFile(directory.resolve("file"));
    List<Closeable> opened = new ArrayList<>();
    while (!Files.isSymbolicLink(number)) {
      opened.add(Files.newByteChannel(file));
    }
    assertThrows(ClosedChannelException.class, () -> InheritedSocket.of(connection.getChannel()));
    for (Closeable each : opened) {
      each.close();
    }
  }

  /** Run by the test below in a JVM without the options. */
  static final class Elsewhere {
    public static void main(String[] arguments) throws Exception {
      var test = new ConnectionDescriptorsTest();
      test.directory = Path.of("/");
      test.connect();
      test.say("said\n");
      test.client.shutdownOutput();
      int status = test.run("sh", "-c", "cat; [ /proc/self/fd/0 -ef /proc/self/fd/1 ]");
      test.connection.close();
      System.out.print(test.heard() + status + test.handedOver);
    }
  }

  @Test
  void pipesWhereTheJvmDoesNotAllowIt() throws Exception {
    String path = System.getProperty("surefire.test.class.path");
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path == null ? System.getProperty("java.class.path") : path,
                "-Dorg.slf4j.simpleLogger.log.org.sluice.base.program.DescriptorAccess=debug",
                Elsewhere.class.getName())
            .redirectErrorStream(false);
    Path log = directory.resolve("log");
    Process process = java.redirectError(log.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals("said\n10", said, () -> text(log));
    assertEquals(0, process.waitFor());
    assertEquals(1, text(log).lines().filter(line -> line.contains("pipes")).count(), text(log));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void finishSaysTheEndOnlyWhereNobodyElseHasIt() throws Exception {
    say("never read");
    var none = new ConnectionDescriptors(connection, Optional.empty(), () -> {});
    none.finish();
    connection.close();
    none.finish();
    assertEquals("", heard());
    connect();
    var own = new ConnectionDescriptors(connection, Optional.empty(), () -> {});
    Descriptors ours = own.kept();
    String later = "exec 3<&0; (read line <&3; echo $line) &";
    var environment = Map.of("PATH", "/usr/bin:/bin");
    new Run(SOURCE, List.of("sh", "-c", later), environment, directory, ours, Optional.empty())
        .run();
    own.finish();
    connection.close();
    say("later\n");
    assertEquals("later\n", heard());
    assertTrue(connection.isClosed());
  }
}
