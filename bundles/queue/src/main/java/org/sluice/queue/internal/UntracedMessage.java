package org.sluice.queue.internal;

import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.HeaderReader;

/** What was handed in: the staged message without the queue's trace line in front. */
record UntracedMessage(MessageSource staged, int trace) implements MessageSource {
  @Override
  public long size() {
    return staged.size() - trace;
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = staged.open();
    try {
      in.skipNBytes(trace);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public Header header() throws IOException {
    try (var in = open()) {
      return HeaderReader.read(in);
    }
  }
}
