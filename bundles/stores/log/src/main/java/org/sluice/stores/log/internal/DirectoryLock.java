package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Keeps a second process from opening the same queue, which would destroy it. */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel file;

  /** Takes the lock or fails at once; the operating system frees it when the process ends. */
  DirectoryLock(Path directory) throws IOException {
    Path path = directory.resolve("lock");
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    file =
        FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), mode);
    boolean locked = false;
    try {
      locked = file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      throw new IOException(path + ": the queue is open in this process already", e);
    } finally {
      if (!locked) {
        file.close();
      }
    }
    if (!locked) {
      throw new IOException(path + ": another process has this queue open; stop it first");
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
