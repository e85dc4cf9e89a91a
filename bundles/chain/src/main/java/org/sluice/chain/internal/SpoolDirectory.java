package org.sluice.chain.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where changed messages are that are too long for the memory. Nothing in it outlives its
 * transaction, so it needs no forcing and is emptied at the start.
 */
record SpoolDirectory(Path path) implements Spool.Place {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolDirectory.class);
  private static final String PREFIX = "sluice-filter-";
  private static final String SUFFIX = ".eml";

  /** {@code run/filters} of the home directory, else the place of temporary files. */
  static SpoolDirectory of(String home) {
    return new SpoolDirectory(
        home == null
            ? Path.of(System.getProperty("java.io.tmpdir"))
            : Path.of(home, "run", "filters"));
  }

  /** The same, emptied of what a process left that did not end by itself. */
  static SpoolDirectory cleaned(String home) {
    SpoolDirectory directory = of(home);
    directory.clean();
    return directory;
  }

  /** A new file that only this user can read. */
  @Override
  public Path create() throws IOException {
    Files.createDirectories(path);
    return Files.createTempFile(path, PREFIX, SUFFIX);
  }

  private void clean() {
    if (!Files.isDirectory(path)) {
      return;
    }
    var start = FileTime.from(ProcessHandle.current().info().startInstant().orElse(Instant.MIN));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).compareTo(start) < 0) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      LOG.warn("{}: not cleaned", path, e);
    }
  }
}
