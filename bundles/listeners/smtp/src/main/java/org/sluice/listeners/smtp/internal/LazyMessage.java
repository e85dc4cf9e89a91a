package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.queue.Draft;

/** The draft's message, fetched only if a filter looks. */
record LazyMessage(Draft draft) implements MessageSource {
  @Override
  public long size() {
    try {
      return draft.message().size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public InputStream open() throws IOException {
    return draft.message().open();
  }

  @Override
  public Header header() throws IOException {
    return draft.message().header();
  }
}
