package org.sluice.itest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Postfix's smtp-sink as somebody else's mail server: a file for each message it was given. */
final class Sink implements AutoCloseable {
  private final Path directory;
  private final String host;
  private final int port;
  private final Process process;

  /** On a free port of 127.0.0.1. Returns when it listens. More options come before its own. */
  Sink(Path directory, String... options) throws IOException, InterruptedException {
    this(directory, "127.0.0.1", free(), options);
  }

  /** On this port. */
  Sink(Path directory, String host, int port, String... options)
      throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory.resolve("mail"));
    this.host = host;
    this.port = port;
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of(
            "-u",
            Server.user(), // only root has to say so
            "-d",
            this.directory + "/%s.",
            host + ":" + port,
            "100"));
    Path output = directory.resolve("output.txt");
    process = Client.start(output, "smtp-sink", arguments.toArray(String[]::new));
    Poll.until("smtp-sink listens", 10_000, this::listens);
  }

  private static int free() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private boolean listens() {
    try (var probe = new Socket(host, port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  int count() throws IOException {
    try (var files = Files.list(directory)) {
      return (int) files.count();
    }
  }

  List<String> messages() throws IOException {
    List<String> messages = new ArrayList<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return messages;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while smtp-sink was to end", e);
    }
  }
}
