package org.sluice.base;

import java.util.Optional;
import java.util.Set;

/** Addresses, and domains that begin with {@code @}, as badmailfrom lists them. Immutable. */
public final class AddressSet {
  private final Set<String> entries;

  /**
   * Those of a file.
   *
   * @param entries A to Z in lower case
   */
  public AddressSet(Set<String> entries) {
    this.entries = entries;
  }

  /** Whether an address is there, whole or by its domain, octet by octet as qmail has it. */
  public boolean has(String address) {
    return has(Ascii.lower(address), entries);
  }

  /** Whether it is there when domains are compared in A-labels; where SMTPUTF8 is offered. */
  public boolean hasInternational(String address) {
    Optional<String> known = inLabels(address);
    return known.isPresent()
        && (has(known.get(), entries)
            || MailDomain.international(known.get())
                && has(known.get(), MailDomain.international(entries, AddressSet::inLabels)));
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
