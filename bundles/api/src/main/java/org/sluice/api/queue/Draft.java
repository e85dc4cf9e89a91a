package org.sluice.api.queue;

import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;

/** A message on its way into the queue. Used by one thread. */
@ProviderType
public interface Draft extends AutoCloseable {
  /** Takes the body, lines ended by LF. Write in blocks; a failure is a {@link QueueException}. */
  OutputStream body();

  /**
   * What has been written to {@link #body} so far, without the queue's own trace line, so that it
   * can go into another draft as it is. Call it when the body is complete. It can be read until
   * this draft is committed or closed.
   */
  MessageSource message() throws QueueException;

  /** Marks the message to be held, not delivered, when it is committed (quarantine). */
  void hold(String reason);

  /**
   * Makes the message the queue's. When this returns, message and envelope are on disk.
   *
   * @throws QueueException if not; nothing is queued then
   */
  QueueId commit(Envelope envelope) throws QueueException;

  /**
   * qmail's {@code qp}: the number in the trace line, known from the start; of a program in the
   * place of the queue (QMAILQUEUE) that of its process, known when it has been committed.
   */
  long process();

  /** Without a commit before it: leaves nothing behind. */
  @Override
  void close();
}
