package org.sluice.base.program;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Named pipes in a directory of mode 0700, for the descriptors that Java does not pass on. */
final class Fifos implements AutoCloseable {
  private static final long LIMIT_SECONDS = 10;

  private final Path directory;
  private final List<Path> made = new ArrayList<>();

  Fifos() throws IOException {
    directory = Files.createTempDirectory("sluice-fd-");
  }

  Path make(int descriptor) throws IOException, InterruptedException {
    Path path = directory.resolve(Integer.toString(descriptor));
    Process process =
        new ProcessBuilder(SystemCommand.of("mkfifo"), "-m", "600", path.toString()).start();
    made.add(path);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("mkfifo " + path + " failed");
    }
    return path;
  }

  @Override
  public void close() throws IOException {
    for (Path path : made) {
      if (Files.exists(path)) {
        // Opening both ends never blocks and lets go who waits for the program to open its end.
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      }
      Files.deleteIfExists(path);
    }
    Files.deleteIfExists(directory);
  }
}
