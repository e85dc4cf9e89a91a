package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** A chain that says what the test has set, Continue unless told. */
public final class OpenChain implements FilterChain {
  public Verdict connect = Verdict.next();
  public Verdict hello = Verdict.next();
  public Verdict sender = Verdict.next();
  public Verdict recipient = Verdict.next();
  public Verdict message = Verdict.next();
  public Optional<MessageSource> replacement = Optional.empty();
  public int open;

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
    return new FilterPass() {
      @Override
      public MailTransaction transaction() {
        return new Transaction(session, from, recipients, new ConcurrentHashMap<>());
      }

      @Override
      public Verdict sender() {
        return sender;
      }

      @Override
      public Verdict recipient(Recipient to) {
        recipients.add(to);
        return recipient;
      }

      @Override
      public Filtered message(MessageSource source) {
        return new Filtered(message, new Envelope(from, recipients), replacement);
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
