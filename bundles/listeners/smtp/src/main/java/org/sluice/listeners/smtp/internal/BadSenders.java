package org.sluice.listeners.smtp.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.base.Ascii;
import org.sluice.base.MailDomain;

/** The senders of badmailfrom: addresses, and domains that begin with {@code @}. */
final class BadSenders {
  private final Set<String> entries = new HashSet<>();

  /** With the domain in A-labels, those whose domain is not ASCII. */
  private final Set<String> labels = new HashSet<>();

  BadSenders(List<String> lines) {
    for (String line : lines) {
      entries.add(Ascii.lower(line));
      if (MailDomain.foreign(line)) {
        inLabels(line).ifPresent(labels::add);
      }
    }
  }

  /** Whether the sender is there, whole or by its domain, octet by octet as qmail has it. */
  boolean has(String sender) {
    return has(Ascii.lower(sender), entries);
  }

  /** Whether it is there when domains are compared in A-labels; where SMTPUTF8 is offered. */
  boolean hasInternational(String sender) {
    Optional<String> known = inLabels(sender);
    return known.isPresent() && (has(known.get(), entries) || has(known.get(), labels));
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
