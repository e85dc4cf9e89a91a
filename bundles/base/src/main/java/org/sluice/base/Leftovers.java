package org.sluice.base;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What writers that died have left in the tmp of a Maildir (spec 40 section 10). */
public final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration STALE = Duration.ofHours(36);

  private Leftovers() {}

  /** Removes files that nobody has touched for 36 hours; dot files stay. Failures do not matter. */
  public static void clean(Path tmp, Instant now) {
    long oldest = now.minus(STALE).getEpochSecond();
    try (var files = Files.newDirectoryStream(tmp)) {
      for (Path file : files) {
        if (!file.getFileName().toString().startsWith(".")) {
          clean(file, oldest);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} is not cleaned", tmp, e);
    }
  }

  private static void clean(Path file, long oldest) {
    try {
      var attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      // unlink(2) would refuse a directory.
      if (attributes.lastAccessTime().to(TimeUnit.SECONDS) < oldest && !attributes.isDirectory()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      LOG.debug("{} stays", file, e);
    }
  }
}
