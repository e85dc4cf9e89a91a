package org.sluice.itest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system that can be filled; where mounting is not allowed the test is skipped. */
final class SmallDisk implements AutoCloseable {
  private final Path path;

  /** Mounts one over a directory. */
  SmallDisk(Path directory, int megabytes) throws IOException, InterruptedException {
    path = Files.createDirectories(directory);
    assumeTrue("root".equals(Server.user()), "only root can mount");
    String size = "size=" + megabytes + "m";
    boolean mounted = run("mount", "-t", "tmpfs", "-o", size, "sluice-test", path.toString());
    assumeTrue(mounted, "mounting is not allowed here");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  Path path() {
    return path;
  }

  private Path ballast() {
    return path.resolve("ballast");
  }

  /** Leaves not an octet free. */
  void fill() throws IOException {
    try (var out = Files.newOutputStream(ballast())) {
      for (int block = 1 << 20; block > 0; block /= 16) {
        write(out, new byte[block]);
      }
    }
  }

  private static void write(OutputStream out, byte[] block) {
    try {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return; // what this is for
    }
  }

  /** Gives the space back. */
  void empty() throws IOException {
    Files.delete(ballast());
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "-l", path.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + path, e);
    }
  }
}
