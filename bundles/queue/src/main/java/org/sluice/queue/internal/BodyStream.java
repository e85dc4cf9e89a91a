package org.sluice.queue.internal;

import java.io.IOException;
import java.io.OutputStream;

/** Gives the store's failures qmail-queue's exit status. */
final class BodyStream extends OutputStream {
  private final QueueService queue;
  private final OutputStream out;
  private long size;

  /**
   * A stream behind what has been written.
   *
   * @param size octets written before
   */
  BodyStream(QueueService queue, OutputStream out, long size) {
    this.queue = queue;
    this.out = out;
    this.size = size;
  }

  /** Octets so far. */
  long size() {
    return size;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
      size += length;
    } catch (IOException e) {
      throw queue.writeError(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw queue.writeError(e);
    }
  }
}
