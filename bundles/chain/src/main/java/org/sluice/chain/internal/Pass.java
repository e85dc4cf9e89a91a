package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** One transaction and the generation that it has pinned. */
final class Pass implements FilterPass {
  private final Generation generation;
  private final Session session;
  private final ReversePath sender;
  private final List<Recipient> recipients = new ArrayList<>();
  private final MailTransaction transaction = new Transaction();
  private final List<Edits> applied = new ArrayList<>();
  private Verdict remembered = Verdict.next();
  private boolean closed;

  Pass(Generation generation, Session session, ReversePath sender) {
    this.generation = generation;
    this.session = session;
    this.sender = sender;
  }

  @Override
  public MailTransaction transaction() {
    return transaction;
  }

  @Override
  public Verdict sender() throws InterruptedException {
    return remember(
        Stage.ask(
            generation.of(SenderFilter.class, session.protocol()),
            filter -> ((SenderFilter) filter).sender(transaction, sender)));
  }

  @Override
  public Verdict recipient(Recipient recipient) throws InterruptedException {
    Verdict verdict =
        remember(
            Stage.ask(
                generation.of(RecipientFilter.class, session.protocol()),
                filter -> ((RecipientFilter) filter).recipient(transaction, recipient)));
    if (!(verdict instanceof Verdict.Reject) && !(verdict instanceof Verdict.TempFail)) {
      recipients.add(recipient);
    }
    return verdict;
  }

  /** Discard and quarantine hold for the whole message; discard is the stronger one. */
  private Verdict remember(Verdict verdict) {
    if (verdict instanceof Verdict.Discard
        || verdict instanceof Verdict.Quarantine && !(remembered instanceof Verdict.Discard)) {
      remembered = verdict;
    }
    return verdict;
  }

  @Override
  public Filtered message(MessageSource message) throws InterruptedException {
    var envelope = new Envelope(sender, recipients);
    Optional<MessageSource> replacement = Optional.empty();
    for (Filter filter : generation.of(MessageFilter.class, session.protocol())) {
      MessageSource present = replacement.orElse(message);
      var edits = new Edits();
      var guarded = new GuardedMessage(present);
      Verdict verdict =
          filter.call(
              () -> {
                try (guarded) {
                  Verdict decided =
                      ((MessageFilter) filter.service()).filter(transaction, guarded, edits);
                  edits.prepare(present);
                  return decided;
                }
              });
      edits.freeze();
      if (verdict instanceof Verdict.Reject || verdict instanceof Verdict.TempFail) {
        return new Filtered(verdict, envelope, Optional.empty());
      }
      remember(verdict);
      if (edits.prepared()) {
        envelope = edits.apply(envelope);
        applied.add(edits);
        replacement = edits.message().or(() -> Optional.of(present).filter(p -> p != message));
      }
      if (verdict instanceof Verdict.Accept) {
        break;
      }
    }
    return new Filtered(remembered, envelope, replacement);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      applied.forEach(Edits::close);
      generation.release();
    }
  }

  /** What filters see. */
  private final class Transaction implements MailTransaction {
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();

    @Override
    public Session session() {
      return session;
    }

    @Override
    public ReversePath sender() {
      return sender;
    }

    @Override
    public List<Recipient> recipients() {
      return List.copyOf(recipients);
    }

    @Override
    public ConcurrentMap<String, Object> attributes() {
      return attributes;
    }
  }
}
