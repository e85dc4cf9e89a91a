package org.sluice.chain.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;

/** One transaction's way through the filters of the generation that it has pinned. */
final class Pass implements FilterPass {
  private final Plan plan;
  private final Transaction transaction;
  private final Spool.Place spool;
  private final Teller teller;
  private final Runnable release;
  private Verdict kept = Verdict.next();
  private Changes changed = Changes.NONE;
  private boolean closed;

  /**
   * A transaction that begins.
   *
   * @param spool for changed messages
   * @param release lets the generation go
   */
  Pass(Plan plan, Transaction transaction, Spool.Place spool, Teller teller, Runnable release) {
    this.plan = plan;
    this.transaction = transaction;
    this.spool = spool;
    this.teller = teller;
    this.release = release;
  }

  @Override
  public MailTransaction transaction() {
    return transaction;
  }

  @Override
  public Verdict sender() throws InterruptedException {
    Verdict verdict =
        ask(
            Stage.SENDER,
            filter -> ((SenderFilter) filter.service()).sender(transaction, transaction.sender()));
    teller.refused(verdict, transaction::toString);
    return verdict;
  }

  @Override
  public Verdict recipient(Recipient recipient) throws InterruptedException {
    Verdict verdict =
        ask(
            Stage.RECIPIENT,
            filter -> ((RecipientFilter) filter.service()).recipient(transaction, recipient));
    if (!refuses(verdict)) {
      transaction.add(recipient);
    }
    teller.refused(verdict, () -> transaction + ": <" + recipient.address() + ">");
    return verdict;
  }

  private Verdict ask(Stage stage, Question question) throws InterruptedException {
    return kept instanceof Verdict.Discard
        ? kept
        : keep(question.ask(plan, stage, transaction.session()));
  }

  /** Discard and quarantine hold for the whole message; discard is the stronger one. */
  private Verdict keep(Verdict verdict) {
    if (verdict instanceof Verdict.Discard
        || verdict instanceof Verdict.Quarantine && kept instanceof Verdict.Continue) {
      kept = verdict;
    }
    return verdict;
  }

  private static boolean refuses(Verdict verdict) {
    return verdict instanceof Verdict.Reject || verdict instanceof Verdict.TempFail;
  }

  @Override
  public Filtered message(MessageSource message) throws InterruptedException {
    var state = new State(message, new Envelope(transaction.sender(), transaction.recipients()));
    Verdict verdict =
        kept instanceof Verdict.Discard ? kept : keep(plan.ask(Stage.MESSAGE, state::ask));
    teller.refused(verdict, transaction::toString);
    return new Filtered(
        refuses(verdict) ? verdict : kept,
        state.envelope,
        Optional.of(state.message).filter(m -> m != message));
  }

  /** The message as the filters so far have left it. */
  private final class State {
    private MessageSource message;
    private Envelope envelope;

    State(MessageSource message, Envelope envelope) {
      this.message = message;
      this.envelope = envelope;
    }

    Verdict ask(Filter filter) throws InterruptedException {
      var edits = new Edits();
      try (var guarded = new GuardedMessage(message)) {
        Answer answer =
            filter.call(
                Stage.MESSAGE, transaction.session(), question(filter, message, guarded, edits));
        take(answer.changes());
        return answer.verdict();
      } finally {
        edits.close(); // a filter that was left behind must not go on with either
      }
    }

    private void take(Changes changes) {
      envelope = changes.apply(envelope);
      if (changes.message().isPresent()) {
        changed.close();
        changed = changes;
        message = changes.message().get();
      }
    }
  }

  /** Runs on the filter's thread. */
  private Callable<Answer> question(
      Filter filter, MessageSource message, GuardedMessage guarded, Edits edits) {
    return () -> {
      Verdict verdict;
      try (guarded;
          edits) {
        verdict = ((MessageFilter) filter.service()).filter(transaction, guarded, edits);
      } catch (Exception e) {
        throw guarded.trouble().isPresent() ? unreadable(guarded.trouble().get()) : e;
      }
      boolean lives = verdict != null && !refuses(verdict) && !(verdict instanceof Verdict.Discard);
      return lives && !filter.settings().shadow()
          ? new Answer(verdict, edits.changes(message, spool))
          : Answer.of(verdict);
    };
  }

  private static Exception unreadable(IOException cause) {
    return LocalTrouble.other("the message cannot be read", cause);
  }

  @Override
  public void ended(MailEvent.Type how, Optional<QueueId> id, String why) {
    teller.tell(how, id, () -> transaction + (why.isEmpty() ? "" : ": " + why));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      changed.close();
      release.run();
    }
  }
}
