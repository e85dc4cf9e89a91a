package org.sluice.filters.greylist.internal;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.base.Directories;

/**
 * The file: lines are appended, and when there are many that say nothing new any more it is written
 * again under another name and put in the place of the old one. Whoever has the lock beside it owns
 * it. Used by one thread at a time.
 */
final class Journal implements Closeable {
  private final Path file;
  private final Path next;
  private final Path lockFile;
  private Optional<FileChannel> owned = Optional.empty();
  private long lines;

  Journal(Path file) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".new");
    this.lockFile = file.resolveSibling(file.getFileName() + ".lock");
  }

  /** Whether it is ours, or is from now on. Does not wait. */
  boolean own() throws IOException {
    if (owned.isPresent()) {
      return true;
    }
    Files.createDirectories(file.getParent());
    var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      owned = Optional.of(channel).filter(c -> lock != null);
    } catch (OverlappingFileLockException e) {
      // by another version of this bundle in the same process
    } finally {
      if (owned.isEmpty()) {
        channel.close();
      }
    }
    return owned.isPresent();
  }

  boolean owned() {
    return owned.isPresent();
  }

  /** How many lines the file has. */
  long lines() {
    return lines;
  }

  /**
   * Reads all that can be read.
   *
   * @param to takes a line, or says that it is wrong
   * @return how many lines were wrong, an unfinished one at the end among them
   */
  long read(Predicate<Line> to) throws IOException {
    long wrong = 0;
    lines = 0;
    var text = new StringBuilder(Line.LONGEST);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        if (octet == '\n') {
          lines++;
          wrong += Line.parse(text.toString()).filter(to).isPresent() ? 0 : 1;
          text.setLength(0);
        } else if (text.length() < Line.LONGEST) { // else it is no line, whatever follows
          text.append((char) octet);
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    return wrong + (text.isEmpty() ? 0 : 1);
  }

  /** Adds lines; not forced: a crash of the machine may take the last half minute with it. */
  void append(String text) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      var octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
    }
    lines += text.chars().filter(c -> c == '\n').count();
  }

  /** Writes it again. The old one stays as it is if that fails. */
  void rewrite(Consumer<Consumer<Line>> all) throws IOException {
    long[] written = {0};
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var out =
          new BufferedWriter(Channels.newWriter(channel, StandardCharsets.ISO_8859_1), 1 << 16);
      all.accept(
          line -> {
            write(out, line);
            written[0]++;
          });
      out.flush();
      channel.force(true);
    } catch (UncheckedIOException e) {
      Files.deleteIfExists(next); // on a full disk others need what it holds
      throw e.getCause();
    } catch (IOException e) {
      Files.deleteIfExists(next);
      throw e;
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Directories.force(file.getParent());
    lines = written[0];
  }

  private static void write(BufferedWriter out, Line line) {
    try {
      out.write(line.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes what has been appended survive a crash of the machine. */
  void force() throws IOException {
    if (owned() && Files.exists(file)) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  /** Gives it up. */
  @Override
  public void close() throws IOException {
    if (owned.isPresent()) {
      owned.get().close();
      owned = Optional.empty();
    }
  }
}
