package org.sluice.api.store;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sluice.api.mail.Recipient;

/**
 * Which queued messages are meant: those that fit every criterion there is. Addresses and domains
 * are bytes as ISO-8859-1 strings, as queued, and compared without regard to case.
 *
 * <p>A recipient counts while the message is in the queue for it: as long as it is unfinished, and
 * when it has failed. To whom the message was delivered does not matter any more. What is done with
 * a message that fits is done with the whole of it, for the other recipients as well.
 *
 * @param sender the reverse-path, empty for that of bounces; or {@code @} and a domain, for all
 *     senders there
 * @param recipient the address of one that counts, as rewritten when it was queued
 * @param domain what follows the last at sign in the address of one that counts; of the same one as
 *     {@code recipient} if there are both
 * @param state how the message stands
 * @param bornBy it entered the queue at this instant or before: it has a certain age
 */
public record QueueQuery(
    Optional<String> sender,
    Optional<String> recipient,
    Optional<String> domain,
    Optional<QueueState> state,
    Optional<Instant> bornBy) {
  /** Every message. */
  public static final QueueQuery ALL =
      new QueueQuery(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same, and only of this sender, or of the senders of {@code @domain}. */
  public QueueQuery from(String path) {
    return new QueueQuery(Optional.of(path), recipient, domain, state, bornBy);
  }

  /** The same, and only for this recipient. */
  public QueueQuery to(String address) {
    return new QueueQuery(sender, Optional.of(address), domain, state, bornBy);
  }

  /** The same, and only for a recipient in this domain, which has no at sign in front. */
  public QueueQuery toDomain(String name) {
    return new QueueQuery(sender, recipient, Optional.of(name), state, bornBy);
  }

  /** The same, and only what stands so. */
  public QueueQuery in(QueueState wanted) {
    return new QueueQuery(sender, recipient, domain, Optional.of(wanted), bornBy);
  }

  /** The same, and only what was in the queue at this instant. */
  public QueueQuery bornBy(Instant latest) {
    return new QueueQuery(sender, recipient, domain, state, Optional.of(latest));
  }

  /** Whether a message is meant, as it stands in this entry. */
  public boolean matches(QueueEntry entry) {
    return sender.filter(path -> !isFrom(path, entry.record().sender().address())).isEmpty()
        && state.filter(wanted -> wanted != entry.state()).isEmpty()
        && bornBy.filter(latest -> entry.record().birth().isAfter(latest)).isEmpty()
        && (recipient.isEmpty() && domain.isEmpty()
            || IntStream.range(0, entry.record().recipients().size())
                .anyMatch(i -> counts(entry, i) && isTo(entry, i)));
  }

  private static boolean isFrom(String path, String address) {
    return path.startsWith("@")
        ? path.substring(1).equalsIgnoreCase(domain(address))
        : path.equalsIgnoreCase(address);
  }

  private static boolean counts(QueueEntry entry, int recipient) {
    return !entry.finished().get(recipient) || entry.failed().get(recipient);
  }

  private boolean isTo(QueueEntry entry, int index) {
    String address = entry.record().recipients().get(index).address();
    return recipient.filter(wanted -> !wanted.equalsIgnoreCase(address)).isEmpty()
        && domain.filter(wanted -> !wanted.equalsIgnoreCase(domain(address))).isEmpty();
  }

  private static String domain(String address) {
    return new Recipient(address).domain();
  }
}
