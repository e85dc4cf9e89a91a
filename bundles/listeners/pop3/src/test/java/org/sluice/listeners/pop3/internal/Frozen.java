package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A directory that its mode protects, protected from root too: by chattr(1). */
final class Frozen implements AutoCloseable {
  private static final int WRITE = 0222;

  private final Path directory;
  private final boolean frozen;

  private Frozen(Path directory, boolean frozen) {
    this.directory = directory;
    this.frozen = frozen;
  }

  /** Does nothing if the mode allows writing, or this process is not root's. */
  static Frozen readOnly(Path directory) throws IOException, InterruptedException {
    boolean needed =
        MailboxLogin.ownUid() == 0
            && Files.isDirectory(directory)
            && ((Integer) Files.getAttribute(directory, "unix:mode") & WRITE) == 0;
    if (needed) {
      Assumptions.assumeTrue(chattr("+i", directory), "root, and no chattr on this file system");
    }
    return new Frozen(directory, needed);
  }

  private static boolean chattr(String flag, Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("chattr", flag, directory.toString()).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (frozen && !chattr("-i", directory)) {
      throw new IOException(directory + " stays immutable");
    }
  }
}
