package org.sluice.net.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The octets from the client, until a drain ends them. */
final class SessionInput extends FilterInputStream {
  private volatile boolean ended;

  SessionInput(InputStream in) {
    super(in);
  }

  /** Makes every further read return -1; one that is blocked is woken by the caller. */
  void end() {
    ended = true;
  }

  @Override
  public int read() throws IOException {
    return ended ? -1 : super.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return ended ? -1 : super.read(bytes, offset, length);
  }
}
