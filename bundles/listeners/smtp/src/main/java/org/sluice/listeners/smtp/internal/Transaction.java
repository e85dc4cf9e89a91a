package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.mail.Recipient;
import org.sluice.api.smtp.LineEnds;

/** What MAIL and RCPT have said so far, and BDAT. */
final class Transaction implements AutoCloseable {
  /** A message that comes in by BDAT. */
  record Chunks(Intake message, ChunkReader reader) {}

  private final boolean badSender;
  private final FilterPass pass;
  private final List<Recipient> recipients = new ArrayList<>();
  private Optional<Chunks> chunks = Optional.empty();

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

  Optional<Chunks> chunks() {
    return chunks;
  }

  Chunks chunks(Intake message, LineEnds policy) {
    var begun = new Chunks(message, new ChunkReader(message, policy));
    chunks = Optional.of(begun);
    return begun;
  }

  @Override
  public void close() {
    chunks.ifPresent(c -> c.message().close());
    pass.close();
  }
}
