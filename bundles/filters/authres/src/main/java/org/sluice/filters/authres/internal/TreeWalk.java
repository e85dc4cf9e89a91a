package org.sluice.filters.authres.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.dns.DnsResolver;

/**
 * Finds records and organizations by asking the DNS upwards (RFC 9989 section 4.10), which needs no
 * list of public suffixes. For one message; no name is asked about twice. Used by one thread.
 */
final class TreeWalk {
  /** From a longer name so many labels are asked about: eight questions in all. */
  private static final int LABELS = 7;

  private final DnsResolver dns;
  private final long end;
  private final Map<String, Optional<DmarcRecord>> known = new HashMap<>();

  TreeWalk(DnsResolver dns, Duration limit) {
    this.dns = dns;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** The record of this very name. */
  Optional<DmarcRecord> record(String domain) throws IOException, InterruptedException {
    Optional<DmarcRecord> before = known.get(domain);
    if (before != null) {
      return before;
    }
    if (System.nanoTime() - end > 0) {
      throw new IOException("the look-ups take too long");
    }
    try {
      var found = dns.txt("_dmarc." + domain).flatMap(DmarcRecord::only);
      known.put(domain, found);
      return found;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  /** The organization that a domain belongs to; the domain itself if no record tells. */
  String organization(String domain) throws IOException, InterruptedException {
    String highest = domain;
    String below = domain;
    for (String name = domain; !name.isEmpty(); below = name, name = above(name)) {
      Optional<DmarcRecord> record = record(name);
      if (record.isEmpty()) {
        continue;
      }
      String suffix = record.get().suffix();
      if (suffix.equals("n")) {
        return name;
      }
      if (suffix.equals("y") && !name.equals(domain)) {
        return below;
      }
      highest = name;
    }
    return highest;
  }

  /** The next name to ask about; empty if there is none. */
  private static String above(String name) {
    String[] labels = name.split("\\.");
    int skip = labels.length > LABELS ? labels.length - LABELS : 1;
    return String.join(".", java.util.Arrays.asList(labels).subList(skip, labels.length));
  }

  /** Whether a domain has the organization of another; asks only if it can have. */
  boolean related(String domain, String organization) throws IOException, InterruptedException {
    return domain.equals(organization)
        || domain.endsWith("." + organization) && organization(domain).equals(organization);
  }
}
