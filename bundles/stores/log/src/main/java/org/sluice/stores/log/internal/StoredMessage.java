package org.sluice.stores.log.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.HeaderReader;

/** A message in a region of a file, found anew at each open, for it may have been moved. */
final class StoredMessage implements MessageSource {
  private static final int BLOCK = 32 << 10;

  /** Where the octets are now; whoever asks closes it. */
  interface Region extends AutoCloseable {
    DiskFile file();

    long offset();

    @Override
    void close() throws IOException;
  }

  /** Finds the octets. */
  interface Finder {
    Region find() throws IOException;
  }

  private final Finder finder;
  private final long size;

  StoredMessage(long size, Finder finder) {
    this.size = size;
    this.finder = finder;
  }

  static StoredMessage ofFile(Disk disk, String name, long size) {
    return new StoredMessage(size, () -> open(disk, name));
  }

  private static Region open(Disk disk, String name) throws IOException {
    try {
      return new Whole(disk.open(name));
    } catch (IOException e) { // on its own it may say no more than a path
      throw new IOException("the body of the message, " + name + ", cannot be opened: " + e, e);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public InputStream open() throws IOException {
    return new BufferedInputStream(
        new Blocks(finder.find(), size), (int) Math.max(16, Math.min(size, BLOCK)));
  }

  @Override
  public Header header() throws IOException {
    try (var in = open()) {
      return HeaderReader.read(in);
    }
  }

  /** A file of its own. */
  private record Whole(DiskFile file) implements Region {
    @Override
    public long offset() {
      return 0;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Positional reads of a region. */
  private static final class Blocks extends InputStream {
    private final Region region;
    private final long size;
    private long at;
    private boolean closed;

    Blocks(Region region, long size) {
      this.region = region;
      this.size = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      if (length == 0) {
        return 0;
      }
      if (at >= size) {
        return -1;
      }
      int wanted = (int) Math.min(length, size - at);
      int got = region.file().read(ByteBuffer.wrap(into, offset, wanted), region.offset() + at);
      if (got <= 0) {
        throw new IOException("message is cut short");
      }
      at += got;
      return got;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        region.close();
      }
    }
  }
}
