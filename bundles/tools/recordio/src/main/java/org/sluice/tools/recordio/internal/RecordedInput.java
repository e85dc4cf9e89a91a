package org.sluice.tools.recordio.internal;

import java.io.IOException;
import java.io.InputStream;

/** A stream of which each packet that is read is recorded. */
final class RecordedInput extends InputStream {
  private final InputStream in;
  private final Record record;

  RecordedInput(InputStream in, Record record) {
    this.in = in;
    this.record = record;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = -1;
    try {
      n = in.read(bytes, offset, Math.min(length, Record.PACKET));
    } finally {
      if (n < 0) {
        record.close(); // a read that fails is an end too
      }
    }
    record.packet(bytes, offset, n);
    return n;
  }
}
