package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** What filters see of a transaction; one that was left behind may look at any time. */
final class Transaction implements MailTransaction {
  private final Session session;
  private final ReversePath sender;
  private final List<Recipient> recipients = Collections.synchronizedList(new ArrayList<>(2));
  private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();

  Transaction(Session session, ReversePath sender) {
    this.session = session;
    this.sender = sender;
  }

  void add(Recipient recipient) {
    recipients.add(recipient);
  }

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

  /** For observers. */
  @Override
  public String toString() {
    var text = new StringBuilder(session.id()).append(": from <").append(sender.address());
    text.append("> to");
    recipients().forEach(r -> text.append(" <").append(r.address()).append('>'));
    return text.toString();
  }
}
