package org.sluice.control.cdb;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads a constant database (spec 20 section 3). Thread-safe: every read names its position. */
public final class Cdb implements Closeable {
  /** Octets of the pointers to the tables, before the first record. */
  private static final int HEADER = 2048;

  private final FileChannel file;
  private final Path path;

  private Cdb(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /** Opens a database; it is not changed in place, so a replaced file needs a new opening. */
  public static Cdb open(Path path) throws IOException {
    return new Cdb(path, FileChannel.open(path));
  }

  /** Takes records in the order in which they were added. */
  @FunctionalInterface
  public interface Visitor {
    /** Called by {@link #forEach}, which a throw ends. */
    void record(byte[] key, byte[] data) throws IOException;
  }

  /** The data of the first record with this key. */
  public Optional<byte[]> get(byte[] key) throws IOException {
    return get(key, 0);
  }

  /**
   * The data of a record with this key.
   *
   * @param skip how many that were added before it are passed over
   */
  public Optional<byte[]> get(byte[] key, long skip) throws IOException {
    long left = skip;
    int hash = hash(key);
    ByteBuffer pointer = read((hash & 255) * 8L, 8);
    long table = unsigned(pointer.getInt());
    long slots = unsigned(pointer.getInt());
    if (slots == 0) {
      return Optional.empty();
    }
    long slot = (Integer.toUnsignedLong(hash) >>> 8) % slots;
    for (long i = 0; i < slots; i++) {
      ByteBuffer entry = read(table + slot * 8, 8);
      int found = entry.getInt();
      long position = unsigned(entry.getInt());
      if (position == 0) {
        return Optional.empty();
      }
      if (found == hash) {
        Optional<byte[]> data = match(position, key);
        if (data.isPresent() && left-- == 0) {
          return data;
        }
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return Optional.empty();
  }

  private Optional<byte[]> match(long position, byte[] key) throws IOException {
    ByteBuffer head = read(position, 8);
    long keyLength = unsigned(head.getInt());
    long dataLength = unsigned(head.getInt());
    if (keyLength != key.length || !Arrays.equals(read(position + 8, key.length).array(), key)) {
      return Optional.empty();
    }
    if (position + 8 + keyLength + dataLength > file.size()) {
      throw corrupt();
    }
    return Optional.of(read(position + 8 + keyLength, length(dataLength)).array());
  }

  /** Whether a key begins with this octet; reads through all records until one does. */
  public boolean anyKey(byte first) throws IOException {
    long end = end();
    long position = HEADER;
    while (position < end) {
      ByteBuffer head = read(position, 9); // behind the last record there is a table yet
      long keyLength = unsigned(head.getInt());
      long dataLength = unsigned(head.getInt());
      if (keyLength > 0 && head.get() == first) {
        return true;
      }
      position += 8 + keyLength + dataLength;
    }
    return false;
  }

  /** All records. */
  public void forEach(Visitor visitor) throws IOException {
    long end = end();
    long position = HEADER;
    while (position < end) {
      ByteBuffer head = read(position, 8);
      long keyLength = unsigned(head.getInt());
      long dataLength = unsigned(head.getInt());
      long next = position + 8 + keyLength + dataLength;
      if (next > end) {
        throw corrupt();
      }
      visitor.record(
          read(position + 8, length(keyLength)).array(),
          read(position + 8 + keyLength, length(dataLength)).array());
      position = next;
    }
  }

  /** The first table begins where the records end. */
  private long end() throws IOException {
    read(0, HEADER); // there must be all of it
    long end = unsigned(read(0, 4).getInt());
    if (end < HEADER || end > file.size()) {
      throw corrupt();
    }
    return end;
  }

  private int length(long octets) throws IOException {
    if (octets > Integer.MAX_VALUE - 8) {
      throw new IOException(path + ": a record is too long to be read");
    }
    return (int) octets;
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw corrupt();
      }
    }
    return buffer.flip();
  }

  private IOException corrupt() {
    return new EOFException(path + " is no complete cdb file; make it again");
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  /** The hash of spec 20 section 3.1. */
  static int hash(byte[] key) {
    int h = 5381;
    for (byte b : key) {
      h = (h + (h << 5)) ^ (b & 255);
    }
    return h;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
