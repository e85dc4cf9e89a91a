package org.sluice.control.cdb;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sluice.base.Directories;

/** Writes a constant database beside its final place and moves it there when it is on disk. */
public final class CdbWriter implements Closeable {
  private static final long LIMIT = 0xffffffffL;

  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private record Slot(int hash, int position) {}

  private final Path target;
  private final Path temporary;
  private final boolean keep;
  private final FileChannel file;
  private final OutputStream out;
  private final List<List<Slot>> tables = new ArrayList<>();
  private long position = 2048;

  /** Begins; readers of an earlier version are not disturbed. */
  public CdbWriter(Path target) throws IOException {
    this(target, target.resolveSibling(target.getFileName() + ".tmp"), false);
  }

  /**
   * Begins with a temporary file of the caller's choice, which stays there if anything fails, as
   * qmail's programs leave it.
   */
  public CdbWriter(Path target, Path temporary) throws IOException {
    this(target, temporary, true);
  }

  private CdbWriter(Path target, Path temporary, boolean keep) throws IOException {
    this.target = target;
    this.temporary = temporary;
    this.keep = keep;
    this.file = FileChannel.open(temporary, OPTIONS, MODE);
    file.position(position);
    out = new BufferedOutputStream(Channels.newOutputStream(file), 65536);
    for (int i = 0; i < 256; i++) {
      tables.add(new ArrayList<>());
    }
  }

  /** Adds a record. */
  public void add(byte[] key, byte[] data) throws IOException {
    int hash = Cdb.hash(key);
    tables.get(hash & 255).add(new Slot(hash, (int) position));
    out.write(pair(key.length, data.length));
    out.write(key);
    out.write(data);
    advance(8L + key.length + data.length);
  }

  private void advance(long octets) throws IOException {
    position += octets;
    if (position > LIMIT) {
      throw new IOException(target + ": a cdb file cannot exceed 4 GiB");
    }
  }

  /** {@link #finish} and {@link #move}. */
  public void commit() throws IOException {
    finish();
    move();
  }

  /** Writes the tables and forces the file. */
  public void finish() throws IOException {
    ByteBuffer pointers = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    for (List<Slot> table : tables) {
      int length = table.size() * 2;
      pointers.putInt((int) position).putInt(length);
      out.write(table(table, length));
      advance(length * 8L);
    }
    out.flush();
    file.write(pointers.flip(), 0);
    file.force(true);
    file.close();
  }

  /** Moves the finished file into its place. */
  public void move() throws IOException {
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Directories.force(target.toAbsolutePath().getParent());
  }

  private static byte[] table(List<Slot> slots, int length) {
    Slot[] placed = new Slot[length];
    for (Slot slot : slots) {
      int at = (int) ((Integer.toUnsignedLong(slot.hash()) >>> 8) % length);
      while (placed[at] != null) {
        at = at + 1 == length ? 0 : at + 1;
      }
      placed[at] = slot;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (Slot slot : placed) {
      bytes.putInt(slot == null ? 0 : slot.hash()).putInt(slot == null ? 0 : slot.position());
    }
    return bytes.array();
  }

  private static byte[] pair(int first, int second) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(first)
        .putInt(second)
        .array();
  }

  /** Without a commit before it: leaves the old file as it is. */
  @Override
  public void close() throws IOException {
    file.close();
    if (!keep) {
      Files.deleteIfExists(temporary);
    }
  }
}
