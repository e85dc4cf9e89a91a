package org.sluice.api.filter;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;

/** One transaction's way through the filters it has pinned. Used by the session's thread. */
@ProviderType
public interface FilterPass extends AutoCloseable {
  /** The transaction that filters see. */
  MailTransaction transaction();

  /** At MAIL: Continue, Reject, TempFail, or Discard or Quarantine of what is to come. */
  Verdict sender() throws InterruptedException;

  /** At RCPT: as for the sender; Continue adds it to the transaction's recipients. */
  Verdict recipient(Recipient recipient) throws InterruptedException;

  /**
   * At the end of data. The message is what the client sent, with the listener's own fields and
   * without the queue's trace line. The replacement can be read until the pass is closed.
   */
  Filtered message(MessageSource message) throws InterruptedException;

  /**
   * Tells {@link MailObserver}s how the transaction ended, if there are any. What filters refuse is
   * told by the pass itself.
   *
   * @param how ACCEPTED, REFUSED, DISCARDED or QUARANTINED
   * @param id the message, if it was queued
   * @param why for people; may be empty
   */
  void ended(MailEvent.Type how, Optional<QueueId> id, String why);

  /** Lets the pinned filters go. */
  @Override
  void close();

  /**
   * The outcome for the whole message.
   *
   * @param verdict Continue, Reject, TempFail, Discard or Quarantine; earlier Discard and
   *     Quarantine verdicts of the transaction included
   * @param envelope as edited
   * @param replacement the edited message, if a filter changed it; to be copied as it is into a new
   *     draft
   */
  record Filtered(Verdict verdict, Envelope envelope, Optional<MessageSource> replacement) {}
}
