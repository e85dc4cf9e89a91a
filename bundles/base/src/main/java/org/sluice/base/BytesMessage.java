package org.sluice.base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/** A short message in memory. */
public final class BytesMessage implements MessageSource {
  private final byte[] bytes;
  private final int offset;
  private final int length;

  /** Keeps the array, which must not change any more. */
  public BytesMessage(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  @Override
  public long size() {
    return length;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes, offset, length);
  }

  @Override
  public Header header() throws IOException {
    return HeaderReader.read(open());
  }
}
