package org.sluice.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system that can be filled; a test is skipped where there can be none. */
public final class SmallDisk implements AutoCloseable {
  private final Path path;

  /** Mounts one over a directory, which only root may. */
  public SmallDisk(Path directory, int kilobytes) throws IOException, InterruptedException {
    path = Files.createDirectories(directory);
    String size = "size=" + kilobytes + "k";
    boolean mounted = run("mount", "-t", "tmpfs", "-o", size, "sluice-test", path.toString());
    Installed.machine(mounted, "mounts");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  private Path ballast() {
    return path.resolve("ballast");
  }

  /** Leaves not an octet free. */
  public void fill() throws IOException {
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
  public void empty() throws IOException {
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
