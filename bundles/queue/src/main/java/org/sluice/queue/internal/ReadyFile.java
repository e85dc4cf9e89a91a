package org.sluice.queue.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the launcher that the queue is open and signals are heeded: {@code run/queue.ready}. */
final class ReadyFile {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyFile.class);
  private final Optional<Path> path;

  /** Without a home directory there is no file. */
  ReadyFile(Optional<String> home) {
    path = home.map(directory -> Path.of(directory, "run", "queue.ready"));
  }

  void write() {
    if (path.isPresent()) {
      try {
        Files.createDirectories(path.get().getParent());
        Files.writeString(path.get(), ProcessHandle.current().pid() + "\n");
      } catch (IOException e) {
        LOG.warn("unable to write {}: {}", path.get(), e.toString());
      }
    }
  }

  void delete() {
    if (path.isPresent()) {
      try {
        Files.deleteIfExists(path.get());
      } catch (IOException e) {
        LOG.warn("unable to remove {}: {}", path.get(), e.toString());
      }
    }
  }
}
