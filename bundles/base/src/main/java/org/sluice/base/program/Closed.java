package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a descriptor is that is not open: using it fails, as with EBADF. */
final class Closed {
  private static final String ERROR = "Bad file descriptor";

  private Closed() {}

  /** Each read fails: nothing at all is no empty message. */
  static final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException(ERROR);
    }
  }

  /** Each write fails. */
  static final class Output extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException(ERROR);
    }
  }
}
