package org.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/** A message that cannot be read. */
public final class BrokenMessage implements MessageSource {
  @Override
  public long size() {
    return 1;
  }

  @Override
  public InputStream open() throws IOException {
    throw new IOException("the message is on a broken disk");
  }

  @Override
  public Header header() throws IOException {
    throw new IOException("the message is on a broken disk");
  }
}
