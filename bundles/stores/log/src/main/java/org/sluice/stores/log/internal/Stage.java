package org.sluice.stores.log.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.store.StagedBody;
import org.sluice.base.BytesMessage;

/** A body in memory up to the limit, above that in a file of its own. */
final class Stage implements StagedBody {
  static final String DIRECTORY = "bodies";

  private final Disk disk;
  private final int limit;
  private final long number;
  private final Buffer buffer = new Buffer();
  private DiskFile file;
  private long flushed;
  private boolean closed;
  private boolean kept;

  Stage(Disk disk, int limit, long number) {
    this.disk = disk;
    this.limit = limit;
    this.number = number;
  }

  static String name(long number) {
    return DIRECTORY + "/" + number;
  }

  @Override
  public OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] octets, int offset, int length) throws IOException {
        if (closed) {
          throw new IOException("the body is closed");
        }
        if (buffer.size() > 0 && buffer.size() + (long) length > limit) {
          spill();
        }
        buffer.write(octets, offset, length);
        if (buffer.size() > limit) {
          spill();
        }
      }
    };
  }

  @Override
  public MessageSource message() throws IOException {
    if (file == null) {
      return new BytesMessage(buffer.toByteArray(), 0, buffer.size());
    }
    spill();
    return StoredMessage.ofFile(disk, name(number), flushed);
  }

  long size() {
    return flushed + buffer.size();
  }

  /** The number of its file, 0 if it is all in memory. */
  long number() {
    return file == null ? 0 : number;
  }

  byte[] octets() {
    return buffer.array();
  }

  int inMemory() {
    return buffer.size();
  }

  boolean isClosed() {
    return closed;
  }

  /** Makes a body with a file durable, before there is a record of it. */
  void settleDown() throws IOException {
    if (file != null) {
      spill();
      file.force();
      disk.force(DIRECTORY);
    }
  }

  /** The next start may find the message after all: it removes the file if nobody wants it. */
  void keepFile() {
    kept = true;
  }

  /** The body belongs to the queue now. */
  void committed() {
    closed = true;
    release();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean spilled = file != null && !kept;
    release();
    if (spilled) {
      try {
        disk.delete(name(number));
      } catch (IOException e) {
        LoggerFactory.getLogger(Stage.class).warn("body {} stays: {}", number, e.toString());
      }
    }
  }

  private void release() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(Stage.class).warn("body {}: {}", number, e.toString());
    }
  }

  private void spill() throws IOException {
    if (file == null) {
      file = disk.create(name(number));
    }
    file.write(ByteBuffer.wrap(buffer.array(), 0, buffer.size()), flushed);
    flushed += buffer.size();
    buffer.reset();
  }

  /** Gives its array away uncopied. */
  private static final class Buffer extends ByteArrayOutputStream {
    byte[] array() {
      return buf;
    }
  }
}
