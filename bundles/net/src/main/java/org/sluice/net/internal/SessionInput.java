package org.sluice.net.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The octets from the client, until a drain ends them. */
final class SessionInput extends FilterInputStream {
  private final Progress progress;
  private volatile boolean ended;

  SessionInput(InputStream in, Progress progress) {
    super(in);
    this.progress = progress;
  }

  /** Makes every further read return -1; one that is blocked is woken by the caller. */
  void end() {
    ended = true;
  }

  @Override
  public int read() throws IOException {
    byte[] octet = new byte[1];
    return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int count = 0;
    long start = progress.waits();
    try {
      count = super.read(bytes, offset, length);
    } finally {
      progress.moved(start, count);
    }
    return count;
  }
}
