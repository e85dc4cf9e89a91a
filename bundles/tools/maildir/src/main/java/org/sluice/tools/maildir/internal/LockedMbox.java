package org.sluice.tools.maildir.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.MboxLock;
import org.sluice.base.ProgramExit;

/**
 * The mbox to be replaced, locked against everyone. Whoever waits for the lock of the file would
 * afterwards write to the file that was replaced, and lose that: the dot-lock, which is taken
 * before a file is opened, keeps Sluice's own deliveries from it.
 */
final class LockedMbox implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LockedMbox.class);
  private static final Set<StandardOpenOption> READ_AND_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final String name;
  private final Path file;
  private final FileChannel channel;
  private final Optional<Path> dotLock;

  private LockedMbox(String name, Path file, FileChannel channel, Optional<Path> dotLock) {
    this.name = name;
    this.file = file;
    this.channel = channel;
    this.dotLock = dotLock;
  }

  /** Creates it if need be; waits for the lock until the caller gives up. */
  static LockedMbox open(Path directory, String name, ProgramContext context)
      throws ProgramExit, InterruptedException {
    long deadline = MboxLock.deadline(context);
    Optional<Path> dotLock = Optional.empty();
    Optional<LockedMbox> opened = Optional.empty();
    try {
      Path file = Names.resolve(directory, name);
      Path dot = file.resolveSibling(file.getFileName() + ".lock");
      if (MboxLock.dotLock(dot, deadline)) {
        dotLock = Optional.of(dot);
      }
      opened = Optional.of(new LockedMbox(name, file, lock(name, file, deadline), dotLock));
      return opened.get();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to lock " + name, e);
    } catch (MboxLock.TimedOut e) {
      throw ProgramExit.temporary("unable to lock " + name + ": timed out");
    } finally {
      if (opened.isEmpty()) {
        dotLock.ifPresent(LockedMbox::remove);
      }
    }
  }

  private static FileChannel lock(String name, Path file, long deadline)
      throws IOException, ProgramExit, InterruptedException, MboxLock.TimedOut {
    while (true) {
      Object before = create(file);
      // Not for append, which Java cannot combine with reading; another descriptor for reading
      // would end the lock when it is closed.
      var channel = FileChannel.open(file, READ_AND_WRITE);
      boolean kept = false;
      try {
        if (!MboxLock.fileLock(channel, deadline)) {
          throw ProgramExit.temporary("unable to lock " + name + ": no locks available");
        }
        kept = before.equals(key(file)); // else it was replaced while we waited
        if (kept) {
          return channel;
        }
      } finally {
        if (!kept) {
          channel.close();
        }
      }
    }
  }

  private static Object create(Path file) throws IOException {
    try {
      Files.createFile(file, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      LOG.trace("{} is there", file);
    }
    return key(file);
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  String name() {
    return name;
  }

  Path file() {
    return file;
  }

  /** Its content. Not to be closed. */
  InputStream content() {
    return Channels.newInputStream(channel);
  }

  /** Says that the dot-lock is in use still: others ignore old ones. */
  void stillHere() {
    dotLock.ifPresent(
        lock -> {
          try {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now()));
          } catch (IOException e) {
            LOG.debug("{} is not renewed", lock, e);
          }
        });
  }

  private static void remove(Path lock) {
    try {
      Files.deleteIfExists(lock);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed", lock, e);
    }
  }

  @Override
  public void close() {
    dotLock.ifPresent(LockedMbox::remove);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{} is not closed", file, e); // nothing was written through it
    }
  }
}
