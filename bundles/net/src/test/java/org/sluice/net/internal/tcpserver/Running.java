package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.RunContext;

/** The program tcpserver on a free port, of 127.0.0.1 as a rule, on a thread of its own. */
final class Running implements AutoCloseable {
  static final int INTERRUPTED = -1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final Thread thread;

  /** Runs {@code tcpserver -1 options 127.0.0.1 0 program}. */
  static Running serving(
      Path directory, Map<String, String> environment, List<String> options, String... program) {
    return servingAt("127.0.0.1", directory, environment, options, program);
  }

  /** Runs {@code tcpserver -1 options host 0 program}. */
  static Running servingAt(
      String host,
      Path directory,
      Map<String, String> environment,
      List<String> options,
      String... program) {
    List<String> arguments = new ArrayList<>(List.of("-1"));
    arguments.addAll(options);
    arguments.addAll(List.of(host, "0"));
    arguments.addAll(Arrays.asList(program));
    return new Running(directory, environment, arguments, Map.of());
  }

  Running(
      Path directory,
      Map<String, String> environment,
      List<String> arguments,
      Map<String, Program> programs) {
    this(new TcpServerProgram(Map.of()), directory, environment, arguments, programs);
  }

  Running(
      TcpServerProgram tcpserver,
      Path directory,
      Map<String, String> environment,
      List<String> arguments,
      Map<String, Program> programs) {
    var context = context(directory, environment, arguments, out, err, programs);
    thread =
        new Thread(
            () -> {
              try {
                status.complete(tcpserver.run(context));
              } catch (InterruptedException e) {
                status.complete(INTERRUPTED);
              } catch (IOException | RuntimeException e) {
                status.completeExceptionally(e);
              }
            },
            "tcpserver");
    thread.start();
  }

  /** A context without input; programs are the test's own, else the operating system's. */
  static ProgramContext context(
      Path directory,
      Map<String, String> environment,
      List<String> arguments,
      OutputStream out,
      OutputStream err,
      Map<String, Program> programs) {
    return new RunContext(
        new Source(programs),
        arguments,
        environment,
        directory,
        new Outputs(out, err),
        Optional.empty());
  }

  /** Programs of the test's own. */
  private record Source(Map<String, Program> programs) implements ProgramSource {
    @Override
    public OptionalInt run(String name, ProgramContext context)
        throws IOException, InterruptedException {
      return programs.containsKey(name)
          ? OptionalInt.of(programs.get(name).run(context))
          : OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      throw new AssertionError("no queue here");
    }
  }

  private record Outputs(OutputStream out, OutputStream err) implements Descriptors {
    @Override
    public Optional<InputStream> input(int descriptor) {
      return Optional.empty();
    }

    @Override
    public Optional<OutputStream> output(int descriptor) {
      return descriptor == 1
          ? Optional.of(out)
          : descriptor == 2 ? Optional.of(err) : Optional.empty();
    }

    @Override
    public void rewind() throws IOException {
      throw new IOException("Illegal seek");
    }
  }

  private interface Check {
    boolean holds();
  }

  private static void await(Check check, String what) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!check.holds()) {
      assertTrue(System.nanoTime() < end, "did not happen: " + what);
      Thread.sleep(10); // another thread writes: there is nothing to be notified by
    }
  }

  int port() throws InterruptedException {
    await(
        () -> out.toString(StandardCharsets.ISO_8859_1).endsWith("\n") || status.isDone(), "port");
    return Integer.parseInt(out.toString(StandardCharsets.ISO_8859_1).strip());
  }

  Socket connect() throws IOException, InterruptedException {
    return connect("127.0.0.1");
  }

  Socket connect(String host) throws IOException, InterruptedException {
    var socket = new Socket(InetAddress.getByName(host), port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** All that a client gets that says this and nothing more. */
  String talk(String text) throws IOException, InterruptedException {
    return talk("127.0.0.1", text);
  }

  String talk(String host, String text) throws IOException, InterruptedException {
    try (var socket = connect(host)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  String log() {
    return err.toString(StandardCharsets.ISO_8859_1);
  }

  /** The log when it has so many lines, with PID and PORT in the place of numbers. */
  String log(int lines) throws InterruptedException {
    await(() -> log().lines().count() >= lines, lines + " lines of log, now " + log());
    return normal(log());
  }

  static String normal(String log) {
    return log.replaceAll("(pid|ok|deny|end) \\d+", "$1 PID")
        .replaceAll(":\\d{4,5}( |$|\n)", ":PORT$1");
  }

  /** Waits for the end; the exit status. */
  int status() throws InterruptedException, ExecutionException, TimeoutException {
    return status.get(60, TimeUnit.SECONDS);
  }

  void interrupt() {
    thread.interrupt();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      assertEquals(INTERRUPTED, status());
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("tcpserver did not end: " + log(), e);
    }
  }
}
