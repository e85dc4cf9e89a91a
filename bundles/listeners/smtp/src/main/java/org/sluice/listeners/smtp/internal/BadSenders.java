package org.sluice.listeners.smtp.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.base.ALabels;
import org.sluice.base.Ascii;

/** The senders of badmailfrom: addresses, and domains that begin with {@code @}. */
final class BadSenders {
  private final Set<String> entries = new HashSet<>();

  /** With the domain in A-labels, those whose domain is not ASCII. */
  private final Set<String> labels = new HashSet<>();

  BadSenders(List<String> lines) {
    for (String line : lines) {
      entries.add(Ascii.lower(line));
      if (ALabels.foreign(line)) {
        ALabels.address(Ascii.lower(line)).ifPresent(labels::add);
      }
    }
  }

  /** Whether the sender is there, whole or by its domain, octet by octet as qmail has it. */
  boolean has(String sender) {
    return has(Ascii.lower(sender), entries);
  }

  /** Whether it is there when domains are compared in A-labels; where SMTPUTF8 is offered. */
  boolean hasInternational(String sender) {
    Optional<String> known = ALabels.address(sender).map(Ascii::lower);
    return known.isPresent() && (has(known.get(), entries) || has(known.get(), labels));
  }

  private static boolean has(String sender, Set<String> among) {
    int at = sender.lastIndexOf('@');
    return !sender.isEmpty()
        && (among.contains(sender) || at >= 0 && among.contains(sender.substring(at)));
  }
}
