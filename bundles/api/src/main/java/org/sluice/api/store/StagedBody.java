package org.sluice.api.store;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.MessageSource;

/** A body being written, not yet part of the queue. Used by one thread. */
@ProviderType
public interface StagedBody extends AutoCloseable {
  /** Takes the bytes, in blocks. */
  OutputStream stream();

  /** What has been written so far. */
  MessageSource message() throws IOException;

  /** Throws the body away, unless it was committed. */
  @Override
  void close();
}
