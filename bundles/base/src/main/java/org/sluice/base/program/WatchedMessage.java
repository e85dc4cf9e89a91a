package org.sluice.base.program;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/** A message that knows whether somebody has read it to its end. Thread-safe. */
final class WatchedMessage implements MessageSource {
  private final MessageSource message;
  private volatile boolean ended;

  /** Nobody has yet. */
  WatchedMessage(MessageSource message) {
    this.message = message;
  }

  /** Whether one of its streams has come to the end. */
  boolean ended() {
    return ended;
  }

  @Override
  public long size() {
    return message.size();
  }

  @Override
  public InputStream open() throws IOException {
    return new FilterInputStream(message.open()) {
      @Override
      public int read() throws IOException {
        return seen(in.read());
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return seen(in.read(bytes, offset, length));
      }
    };
  }

  private int seen(int result) {
    ended |= result < 0;
    return result;
  }

  @Override
  public Header header() throws IOException {
    return message.header();
  }
}
