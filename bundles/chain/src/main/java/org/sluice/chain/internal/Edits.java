package org.sluice.chain.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** One filter's changes: collected in its call, then made into {@link Changes}. */
final class Edits implements MessageEdits, AutoCloseable {
  /** What the queue takes as an address; a longer one would be the client's permanent failure. */
  private static final int LONGEST = 1_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeaderEdits header = new HeaderEdits();
  private final List<UnaryOperator<Envelope>> envelope = new ArrayList<>();
  private Optional<BodyWriter> body = Optional.empty();
  private boolean over;

  @Override
  public MessageEdits addHeader(String name, String value) {
    String field = HeaderEdits.field(name, value);
    return note(() -> header.add(field));
  }

  @Override
  public MessageEdits replaceHeader(String name, int index, String value) {
    String field = HeaderEdits.field(name, value);
    return note(() -> header.replace(name, index, field));
  }

  @Override
  public MessageEdits removeHeader(String name, int index) {
    Objects.requireNonNull(name);
    return note(() -> header.remove(name, index));
  }

  @Override
  public MessageEdits replaceBody(BodyWriter writer) {
    Objects.requireNonNull(writer);
    return note(() -> body = Optional.of(writer));
  }

  @Override
  public MessageEdits changeSender(ReversePath sender) {
    check(sender.address());
    return onEnvelope(e -> e.withSender(sender));
  }

  @Override
  public MessageEdits addRecipient(Recipient recipient) {
    check(recipient.address());
    return onEnvelope(
        e -> {
          List<Recipient> more = new ArrayList<>(e.recipients());
          more.add(recipient);
          return e.withRecipients(more);
        });
  }

  @Override
  public MessageEdits removeRecipient(Recipient recipient) {
    Objects.requireNonNull(recipient);
    String address = recipient.address();
    return onEnvelope(
        e ->
            e.withRecipients(
                e.recipients().stream().filter(r -> !r.address().equals(address)).toList()));
  }

  private MessageEdits onEnvelope(UnaryOperator<Envelope> change) {
    return note(() -> envelope.add(change));
  }

  private static void check(String address) {
    if (address.length() > LONGEST || address.chars().anyMatch(c -> c > 255)) {
      throw new IllegalArgumentException("no address that the queue takes: " + address);
    }
  }

  private MessageEdits note(Runnable change) {
    lock.lock();
    try {
      if (over) {
        throw new IllegalStateException("edits are taken during the filter's call only");
      }
      change.run();
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** No further changes: the call is over. */
  @Override
  public void close() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes the changed message, if it is one. Runs on the filter's thread and time.
   *
   * @throws LocalTrouble if it cannot be read, changed or written
   * @throws FilterException if the filter's own writer failed
   */
  Changes changes(MessageSource message, Spool.Place place) throws LocalTrouble, FilterException {
    close();
    if (header.isEmpty() && body.isEmpty()) {
      return envelope.isEmpty() ? Changes.NONE : Changes.envelope(envelope);
    }
    var spool = new Spool(place);
    Optional<MessageSource> written = Optional.empty();
    try {
      header.write(message, body, spool);
      spool.close();
      written = spool.trouble().isEmpty() ? Optional.of(spool.message()) : written;
    } catch (LocalTrouble e) {
      throw e;
    } catch (IOException e) {
      if (spool.trouble().isEmpty()) {
        throw LocalTrouble.other("the message cannot be changed", e);
      }
    } catch (FilterException e) {
      if (spool.trouble().isEmpty()) {
        throw e;
      }
    } finally {
      if (written.isEmpty()) {
        spool.delete();
      }
    }
    if (written.isEmpty()) {
      throw LocalTrouble.storage(spool.trouble().orElseThrow());
    }
    return new Changes(List.copyOf(envelope), written, spool::delete);
  }
}
