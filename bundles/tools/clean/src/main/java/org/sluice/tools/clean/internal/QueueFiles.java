package org.sluice.tools.clean.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a qmail queue, as far as qmail-clean removes them (spec 10 section 3.1). */
record QueueFiles(Path queue) {
  /** Directories in mess/. */
  static final int SPLIT = 23;

  private static final Logger LOG = LoggerFactory.getLogger(QueueFiles.class);
  private static final long OSSIFIED_SECONDS = 129_600;

  /** unlink(2); one that is not there is well removed. */
  void remove(String directory, long id) throws IOException {
    unlink(queue.resolve(directory + Long.toUnsignedString(id)));
  }

  private static void unlink(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(file.toString(), null, "Is a directory"); // and not rmdir(2)
    }
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      Path parent = file.getParent();
      if (Files.exists(parent) && !Files.isDirectory(parent)) {
        throw new NotDirectoryException(parent.toString()); // as which not all JVMs tell it
      }
    }
  }

  /** Removes what qmail-queue has left in pid/, 36 hours after somebody last read it. */
  void sweep(long now) {
    try (var names = Files.newDirectoryStream(queue.resolve("pid"))) {
      for (Path name : names) {
        sweep(name, now);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("pid/ is not swept: {}", e.toString());
    }
  }

  private static void sweep(Path name, long now) {
    try {
      var attributes = Files.readAttributes(name, BasicFileAttributes.class);
      long read = attributes.lastAccessTime().to(TimeUnit.SECONDS);
      if (read + OSSIFIED_SECONDS <= now) {
        unlink(name);
      }
    } catch (IOException e) {
      LOG.debug("{} stays: {}", name, e.toString());
    }
  }
}
