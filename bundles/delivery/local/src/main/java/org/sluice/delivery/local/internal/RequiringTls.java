package org.sluice.delivery.local.internal;

import java.io.OutputStream;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;

/**
 * A queue for the forwards of a message with REQUIRETLS, which must have it too (RFC 8689 section
 * 4.1): agents know nothing of what was asked. Thread-safe.
 */
record RequiringTls(MailQueue queue) implements MailQueue {
  /** The attempt with such a queue, if its message is one. */
  static Attempt forwards(Attempt attempt) {
    return attempt.options().requireTls()
        ? new Attempt(
            attempt.id(),
            attempt.sender(),
            attempt.recipient(),
            attempt.message(),
            new RequiringTls(attempt.queue()),
            attempt.options(),
            attempt.recipientOptions())
        : attempt;
  }

  @Override
  public Draft open(Origin origin) throws QueueException {
    return new Tagged(queue.open(origin));
  }

  private record Tagged(Draft draft) implements Draft {
    @Override
    public OutputStream body() {
      return draft.body();
    }

    @Override
    public MessageSource message() throws QueueException {
      return draft.message();
    }

    @Override
    public void hold(String reason) {
      draft.hold(reason);
    }

    @Override
    public QueueId commit(Envelope envelope) throws QueueException {
      return draft.commit(envelope.withOptions(envelope.options().withRequireTls(true)));
    }

    @Override
    public long process() {
      return draft.process();
    }

    @Override
    public void close() {
      draft.close();
    }
  }
}
