package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What was read from a file, until the file changes. Thread-safe. */
final class Versioned<T> {
  /** Reads a file. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Path file) throws IOException;
  }

  private record Version<T>(FileTime modified, long size, Object key, T value) {
    boolean is(BasicFileAttributes file) {
      return modified.equals(file.lastModifiedTime())
          && size == file.size()
          && key.equals(file.fileKey());
    }
  }

  private final Path file;
  private final Reader<T> reader;
  private final AtomicReference<Optional<Version<T>>> known =
      new AtomicReference<>(Optional.empty());

  Versioned(Path file, Reader<T> reader) {
    this.file = file;
    this.reader = reader;
  }

  /** The present contents. */
  T get() throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    Optional<Version<T>> version = known.get();
    if (version.isPresent() && version.get().is(now)) {
      return version.get().value();
    }
    // The attributes from before reading: a change meanwhile is seen at the next call.
    T value = reader.read(file);
    known.set(Optional.of(new Version<>(now.lastModifiedTime(), now.size(), now.fileKey(), value)));
    return value;
  }
}
