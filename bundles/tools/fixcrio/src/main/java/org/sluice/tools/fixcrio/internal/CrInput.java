package org.sluice.tools.fixcrio.internal;

import java.io.IOException;
import java.io.InputStream;

/** A stream with the CRs that were missing. Gives what one read of the stream gave, at once. */
final class CrInput extends InputStream {
  private static final int BLOCK = 4_096;

  private final InputStream in;
  private final CrInserter crs = new CrInserter();
  private byte[] ready = {};
  private int position;

  CrInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == ready.length) {
      byte[] block = new byte[BLOCK];
      int n = in.read(block, 0, BLOCK);
      if (n < 0) {
        return -1;
      }
      ready = crs.insert(block, 0, n);
      position = 0;
    }
    int n = Math.min(length, ready.length - position);
    System.arraycopy(ready, position, bytes, offset, n);
    position += n;
    return n;
  }

  @Override
  public int available() {
    return ready.length - position;
  }
}
