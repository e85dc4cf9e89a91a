package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A directory that its mode protects, protected from root too: by chattr(1). */
final class Frozen {
  private static final int WRITE = 0222;

  private Frozen() {}

  /** Calls while a directory without write permission is protected even from root. */
  static <T> T during(Path directory, Callable<T> call) throws Exception {
    boolean needed =
        MailboxLogin.ownUid() == 0
            && Files.isDirectory(directory)
            && ((Integer) Files.getAttribute(directory, "unix:mode") & WRITE) == 0;
    if (!needed) {
      return call.call();
    }
    Assumptions.assumeTrue(chattr("+i", directory), "root, and no chattr on this file system");
    try {
      return call.call();
    } finally {
      assertTrue(chattr("-i", directory), directory + " stays immutable");
    }
  }

  private static boolean chattr(String flag, Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("chattr", flag, directory.toString()).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
