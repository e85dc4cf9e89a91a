package org.sluice.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** What is done with a directory itself: enter it, make its names durable. */
public final class Directories {
  private Directories() {}

  /**
   * Fails where chdir(2) would fail; a JVM has one working directory, and stays in it.
   *
   * @throws IOException for {@link SystemError} to tell
   */
  public static void enter(Path directory) throws IOException {
    if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    if (!Files.isExecutable(directory)) {
      throw new AccessDeniedException(directory.toString());
    }
  }

  /** Forces a directory, so that files created or renamed in it keep their names. */
  public static void force(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
