package org.sluice.listeners.smtp.internal;

import java.util.Optional;
import java.util.Set;
import org.sluice.base.Ascii;
import org.sluice.base.MailDomain;

/** The senders of badmailfrom: addresses, and domains that begin with {@code @}. */
final class BadSenders {
  private final Set<String> entries;

  /**
   * Those of a file.
   *
   * @param entries A to Z in lower case
   */
  BadSenders(Set<String> entries) {
    this.entries = entries;
  }

  /** Whether the sender is there, whole or by its domain, octet by octet as qmail has it. */
  boolean has(String sender) {
    return has(Ascii.lower(sender), entries);
  }

  /** Whether it is there when domains are compared in A-labels; where SMTPUTF8 is offered. */
  boolean hasInternational(String sender) {
    Optional<String> known = inLabels(sender);
    return known.isPresent()
        && (has(known.get(), entries)
            || MailDomain.international(known.get())
                && has(known.get(), MailDomain.international(entries, BadSenders::inLabels)));
  }

  private static Optional<String> inLabels(String address) {
    int at = address.lastIndexOf('@');
    String box = Ascii.lower(address.substring(0, at + 1));
    return at < 0
        ? Optional.of(Ascii.lower(address))
        : MailDomain.labels(address.substring(at + 1)).map(domain -> box + domain);
  }

  private static boolean has(String sender, Set<String> among) {
    int at = sender.lastIndexOf('@');
    return !sender.isEmpty()
        && (among.contains(sender) || at >= 0 && among.contains(sender.substring(at)));
  }
}
