package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.mail.Recipient;

/** What MAIL and RCPT have said so far. */
final class Transaction implements AutoCloseable {
  private final boolean badSender;
  private final FilterPass pass;
  private final List<Recipient> recipients = new ArrayList<>();

  Transaction(FilterPass pass, boolean badSender) {
    this.badSender = badSender;
    this.pass = pass;
  }

  boolean badSender() {
    return badSender;
  }

  FilterPass pass() {
    return pass;
  }

  void add(Recipient recipient) {
    recipients.add(recipient);
  }

  boolean hasRecipients() {
    return !recipients.isEmpty();
  }

  @Override
  public void close() {
    pass.close();
  }
}
