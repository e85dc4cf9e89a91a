package org.sluice.chain.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/** A message as a filter sees it: what the filter forgets to close is closed after the call. */
final class GuardedMessage implements MessageSource, AutoCloseable {
  private final MessageSource message;
  private final Queue<InputStream> opened = new ConcurrentLinkedQueue<>();

  GuardedMessage(MessageSource message) {
    this.message = message;
  }

  @Override
  public long size() {
    return message.size();
  }

  @Override
  public InputStream open() throws IOException {
    InputStream stream = message.open();
    opened.add(stream);
    return stream;
  }

  @Override
  public Header header() throws IOException {
    return message.header();
  }

  @Override
  public void close() throws IOException {
    for (InputStream stream = opened.poll(); stream != null; stream = opened.poll()) {
      stream.close();
    }
  }
}
