package org.sluice.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One instance of the built distribution, as an operator starts it, in a home of its own. */
final class Server implements AutoCloseable {
  static final Path DIST = Path.of(System.getProperty("sluice.dist")).toAbsolutePath().normalize();
  private static final Path WORK = Path.of(System.getProperty("sluice.work")).toAbsolutePath();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  final Path home;
  private final Map<String, String> environment;

  // The first compiler is enough for seconds of life, and starts are what takes the time here.
  private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));

  /**
   * An empty home; nothing runs yet.
   *
   * @param environment adds to what {@link #builder} says; a variable of no text is taken away
   */
  Server(String name, Map<String, String> environment) throws IOException {
    this.environment = environment;
    home = directory(name);
    if (Files.exists(home)) {
      try (var files = Files.walk(home)) {
        files
            .filter(file -> !file.equals(home))
            .sorted(Comparator.reverseOrder())
            .forEach(Server::delete);
      }
    }
    Files.createDirectories(home.resolve("control"));
  }

  /** With these of the distribution's plugins only, named as their bundles without org.sluice. */
  Server(String name, Map<String, String> environment, List<String> plugins) throws IOException {
    this(name, environment);
    Files.createDirectories(home.resolve("plugins"));
    for (String plugin : plugins) {
      String jar = "org.sluice." + plugin + ".jar";
      Files.copy(DIST.resolve("plugins").resolve(jar), home.resolve("plugins").resolve(jar));
    }
    String properties = Files.readString(DIST.resolve("conf/config.properties"));
    conf("config.properties", properties.replace(",${sluice.dist}/plugins", ""));
    options.add("-Dfelix.config.properties=" + home.resolve("conf/config.properties").toUri());
  }

  /** In a home as it is. */
  Server(Path home, Map<String, String> environment) {
    this.environment = environment;
    this.home = home;
  }

  /** Where a server of this name has its home. */
  static Path directory(String name) {
    return WORK.resolve(name);
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Server control(String file, String text) throws IOException {
    Files.writeString(home.resolve("control").resolve(file), text);
    return this;
  }

  /** Adds a configuration to those of the distribution. */
  Server conf(String file, String text) throws IOException {
    Path conf = home.resolve("conf");
    if (Files.notExists(conf)) {
      Files.createDirectories(conf);
      try (var files = Files.list(DIST.resolve("conf"))) {
        for (Path original : files.toList()) {
          Files.copy(original, conf.resolve(original.getFileName()));
        }
      }
    }
    Files.writeString(conf.resolve(file), text);
    return this;
  }

  /** Has SMTP sessions from now on end after a second of silence; returns when that is so. */
  void impatient() throws IOException, InterruptedException {
    control("timeoutsmtpd", "1\n");
    Poll.until(
        "a silent client is sent away",
        60_000,
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(5_000);
            byte[] said = socket.getInputStream().readAllBytes();
            return new String(said, StandardCharsets.US_ASCII).contains("451 timeout");
          } catch (SocketTimeoutException e) {
            return false; // it began before the file was read again
          }
        });
  }

  /** Waits until a listener has bound its port. */
  Server listening(String protocol) throws IOException, InterruptedException {
    Path file = home.resolve("run/" + protocol + ".port");
    Poll.until(protocol + " listens", 30_000, () -> Files.exists(file));
    return this;
  }

  Server start() throws IOException, InterruptedException {
    sluice("start");
    return this;
  }

  /** Runs {@code bin/sluice}; its standard output. */
  String sluice(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", DIST.resolve("bin/sluice").toString()));
    command.addAll(Arrays.asList(arguments));
    var builder = builder(command).redirectErrorStream(true);
    Path output = Files.createTempFile(home, "output", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("bin/sluice " + command + " hangs: " + Files.readString(output));
    }
    String text = Files.readString(output);
    Files.delete(output);
    if (process.exitValue() != 0) {
      throw new IOException(command + " ended with " + process.exitValue() + ":\n" + text);
    }
    return text;
  }

  /** A command in this home's environment. */
  ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().put("SLUICE_HOME", home.toString());
    builder.environment().put("SLUICE_SMTP_PORT", "0");
    builder.environment().put("SLUICE_POP3_PORT", "0");
    builder.environment().put("SLUICE_JAVA", JAVA);
    builder.environment().put("SLUICE_JAVA_OPTS", String.join(" ", options));
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return builder;
  }

  int port() throws IOException {
    return port("smtp");
  }

  int port(String protocol) throws IOException {
    String line = Files.readString(home.resolve("run/" + protocol + ".port")).strip();
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  long pid() throws IOException {
    return Long.parseLong(Files.readString(home.resolve("run/pid")).strip());
  }

  /** kill -9. */
  void kill() throws IOException, InterruptedException {
    long pid = pid();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Poll.until("the process is gone", 10_000, () -> !alive(pid));
  }

  /** Whether it runs; one that has ended may stay in the table of processes. */
  private static boolean alive(long pid) {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false; // gone, before or while it was read
    }
  }

  Maildir maildir(String mailbox) {
    return new Maildir(home.resolve("mail").resolve(mailbox).resolve("Maildir"));
  }

  /** The lines of qmail-send so far. */
  List<String> log() throws IOException {
    return Files.readAllLines(home.resolve("log/qmail-send"), StandardCharsets.ISO_8859_1);
  }

  /**
   * Whether every message that the log tells of has left the queue. The log is some milliseconds
   * behind, so of a message just sent it may know nothing yet: see {@link #ended}.
   */
  boolean idle() throws IOException {
    return logged(" new msg ") == ended();
  }

  /** How many messages have left the queue. */
  long ended() throws IOException {
    return logged(" end msg ");
  }

  private long logged(String text) throws IOException {
    return log().stream().filter(line -> line.contains(text)).count();
  }

  /** The mailbox of the calling user, made on first start. */
  static String user() {
    return System.getProperty("user.name");
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(home.resolve("run/pid")) && alive(pid())) {
      try {
        sluice("stop");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the server was to stop", e);
      }
    }
  }
}
