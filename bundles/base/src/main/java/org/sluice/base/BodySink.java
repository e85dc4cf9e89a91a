package org.sluice.base;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.sluice.api.queue.QueueException;

/**
 * A draft's body for a listener that must read a message to its end whatever happens: after the
 * first failure of the queue, and after {@link #fail}, octets are dropped. Used by one thread.
 */
public final class BodySink extends OutputStream {
  private final OutputStream body;
  private Optional<QueueException> trouble = Optional.empty();
  private boolean failed;

  /** Writes to this stream and does not close it. */
  public BodySink(OutputStream body) {
    this.body = body;
  }

  /** The message is not wanted any more. */
  public void fail() {
    failed = true;
  }

  /** Whether the message must not be committed. */
  public boolean failed() {
    return failed;
  }

  /** What the queue threw. */
  public Optional<QueueException> trouble() {
    return trouble;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    if (failed) {
      return;
    }
    try {
      body.write(octets, offset, length);
    } catch (QueueException e) {
      failed = true;
      trouble = Optional.of(e);
    }
  }
}
