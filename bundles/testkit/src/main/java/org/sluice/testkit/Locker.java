package org.sluice.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process that holds a lock until it is closed. */
public final class Locker implements AutoCloseable {
  private final Process process;

  private Locker(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (process.getInputStream().read() != 'l') {
      throw new IOException(command + " did not lock");
    }
  }

  /** fcntl(2), by another JVM. */
  public static Locker record(Path file) throws IOException {
    return new Locker(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Locker.class.getName(),
            file.toString()));
  }

  /** flock(2), by flock(1). */
  public static Locker flock(Path file) throws IOException {
    return new Locker(List.of("flock", file.toString(), "/bin/sh", "-c", "echo l; read x"));
  }

  /** Locks the file given until the end of descriptor 0. */
  public static void main(String[] arguments) throws IOException {
    try (var channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
      channel.lock();
      System.out.println("l");
      System.in.read();
    }
  }

  /** Whether the process is still there. */
  public boolean holds() {
    return process.isAlive();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }
}
