package org.sluice.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** A filter chain that says what the test has set, Continue unless told. */
public final class OpenChain implements FilterChain {
  /** The verdict on a connection. */
  public Verdict connect = Verdict.next();

  /** The verdict on HELO. */
  public Verdict hello = Verdict.next();

  /** The verdict on MAIL. */
  public Verdict sender = Verdict.next();

  /** The verdict on RCPT. */
  public Verdict recipient = Verdict.next();

  /** Verdicts on single recipients, by address. */
  public Map<String, Verdict> recipients = Map.of();

  /** Decides on recipients that are not among {@link #recipients}, if it is set. */
  public Optional<RecipientFilter> recipientFilter = Optional.empty();

  /** Decides at the end of data, if it is set; it edits nothing. */
  public Optional<MessageFilter> messageFilter = Optional.empty();

  /** The verdict at the end of data. */
  public Verdict message = Verdict.next();

  /** The edited message. */
  public Optional<MessageSource> replacement = Optional.empty();

  /** Passes that were begun and not closed. */
  public int open;

  /** How transactions ended: the type, whether it was queued, and why. */
  public final List<String> ended = new ArrayList<>();

  @Override
  public Verdict connect(Session session) {
    return connect;
  }

  @Override
  public Verdict hello(Session session, String name) {
    return hello;
  }

  @Override
  public FilterPass begin(Session session, ReversePath from) {
    open++;
    List<Recipient> recipients = new ArrayList<>();
    var transaction = new Transaction(session, from, recipients, new ConcurrentHashMap<>());
    return new FilterPass() {
      @Override
      public MailTransaction transaction() {
        return transaction;
      }

      @Override
      public Verdict sender() {
        return sender;
      }

      @Override
      public Verdict recipient(Recipient to) throws InterruptedException {
        Verdict verdict = OpenChain.this.recipients.get(to.address());
        try {
          verdict =
              verdict != null
                  ? verdict
                  : recipientFilter.isPresent()
                      ? recipientFilter.get().recipient(transaction, to)
                      : recipient;
        } catch (FilterException e) {
          throw new AssertionError(e);
        }
        if (!(verdict instanceof Verdict.Reject) && !(verdict instanceof Verdict.TempFail)) {
          recipients.add(to);
        }
        return verdict;
      }

      @Override
      public Filtered message(MessageSource source) throws InterruptedException {
        try {
          Verdict verdict =
              messageFilter.isPresent()
                  ? messageFilter.get().filter(transaction, source, null)
                  : message;
          return new Filtered(verdict, new Envelope(from, recipients), replacement);
        } catch (FilterException e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void ended(MailEvent.Type how, Optional<QueueId> id, String why) {
        ended.add(how + (id.isPresent() ? " queued" : "") + (why.isEmpty() ? "" : ": " + why));
      }

      @Override
      public void close() {
        open--;
      }
    };
  }

  private record Transaction(
      Session session,
      ReversePath sender,
      List<Recipient> recipients,
      ConcurrentMap<String, Object> attributes)
      implements MailTransaction {}
}
