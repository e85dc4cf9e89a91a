package org.sluice.queue.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.QueueException;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.StagedBody;

/** One message being handed in. */
final class QueueDraft implements Draft {
  private static final int LONGEST = 1002;

  private final QueueService queue;
  private final QueueStore store;
  private final StagedBody staged;
  private final BodyStream body;
  private final int trace;
  private final int uid;
  private final long process;
  private boolean hold;

  QueueDraft(
      QueueService queue, QueueStore store, StagedBody staged, int trace, int uid, long process) {
    this.queue = queue;
    this.store = store;
    this.staged = staged;
    this.body = new BodyStream(queue, staged.stream(), trace);
    this.trace = trace;
    this.uid = uid;
    this.process = process;
  }

  @Override
  public OutputStream body() {
    return body;
  }

  @Override
  public MessageSource message() throws QueueException {
    try {
      return new UntracedMessage(staged.message(), trace);
    } catch (IOException e) {
      throw queue.writeError(e);
    }
  }

  @Override
  public void hold(String reason) {
    hold = true;
  }

  @Override
  public QueueId commit(Envelope envelope) throws QueueException {
    check(envelope.sender().address());
    var recipients = new ArrayList<QueuedRecipient>(envelope.recipients().size());
    for (Recipient recipient : envelope.recipients()) {
      check(recipient.address());
      recipients.add(queue.rewrite(recipient.address()).withOptions(recipient.options()));
    }
    Instant birth = queue.now();
    var entry =
        new QueueRecord(
            envelope.sender(), recipients, uid, process, birth, hold, envelope.options());
    try {
      QueueId id = store.commit(staged, entry);
      Quietly.run(() -> queue.committed(id, entry, body.size())); // it is queued, come what may
      return id;
    } catch (IOException e) {
      throw queue.writeError(e);
    }
  }

  @Override
  public long process() {
    return process;
  }

  @Override
  public void close() {
    staged.close();
  }

  private static void check(String address) throws QueueException {
    if (address.length() > LONGEST) {
      throw new QueueException(ExitCode.ADDRESS_TOO_LONG, "address too long");
    }
  }
}
