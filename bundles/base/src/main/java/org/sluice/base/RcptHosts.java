package org.sluice.base;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.control.Control;

/**
 * The domains that mail is accepted for: rcpthosts and morercpthosts (spec 20 section 7.5). To
 * qmail a domain is its octets; only {@link #allowInternational} knows of U-labels.
 */
public final class RcptHosts {
  private final Optional<Set<String>> hosts;
  private final Optional<Control.Database> more;

  private RcptHosts(Optional<Set<String>> hosts, Optional<Control.Database> more) {
    this.hosts = hosts;
    this.more = more;
  }

  /**
   * Reads rcpthosts and opens morercpthosts.cdb, for a session: later changes do not matter to it.
   * Without rcpthosts every domain is allowed, whatever the other says.
   *
   * @throws IOException if one exists and cannot be read
   */
  public static RcptHosts read(Control control) throws IOException {
    Optional<Set<String>> hosts = control.set("rcpthosts");
    return new RcptHosts(
        hosts, hosts.isPresent() ? control.database("morercpthosts.cdb") : Optional.empty());
  }

  /**
   * Whether one of the two has the domain of this recipient, or there is no domain.
   *
   * @throws IOException if morercpthosts.cdb cannot be read
   */
  public boolean allow(String recipient) throws IOException {
    int at = recipient.lastIndexOf('@');
    if (hosts.isEmpty() || at < 0) {
      return true;
    }
    String host = Ascii.lower(recipient.substring(at + 1));
    return listed(host, hosts.get()) || inDatabase(host);
  }

  /**
   * Whether one of the two has the domain of this recipient when it is compared in A-labels (spec
   * 20 section 15.10), on whichever side U-labels stand. For whom {@link #allow} has refused, and
   * only where SMTPUTF8 is offered. In morercpthosts.cdb U-labels are found in lower case.
   *
   * @throws IOException if morercpthosts.cdb cannot be read
   */
  public boolean allowInternational(String recipient) throws IOException {
    int at = recipient.lastIndexOf('@');
    if (hosts.isEmpty() || at < 0) {
      return true;
    }
    Optional<String> domain = MailDomain.labels(recipient.substring(at + 1));
    if (domain.isEmpty()) {
      return false;
    }
    String host = domain.get();
    return listed(host, hosts.get())
        || MailDomain.international(host)
            && listed(host, MailDomain.international(hosts.get(), MailDomain::labels))
        || inDatabase(host)
        || inDatabase(MailDomain.utf8(host));
  }

  /** Whether the host is there, or a suffix of it that begins with a dot. */
  private static boolean listed(String host, Set<String> entries) {
    for (int i = 0; i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.') && entries.contains(host.substring(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean inDatabase(String host) throws IOException {
    for (int i = 0; more.isPresent() && i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.') && more.get().get(host.substring(i)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
