package org.sluice.filters.spf.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;
import org.apache.james.jspf.core.SPFSession;
import org.apache.james.jspf.impl.SPF;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.dns.DnsResolver;

/**
 * The check of RFC 7208 section 4, by jSPF. Thread-safe: jSPF's own objects are not (macros are
 * expanded with a field), so each check has one to itself.
 */
final class SpfCheck {
  private static final Logger LOG = LoggerFactory.getLogger(SpfCheck.class);

  /** Two labels or more, none too long; the DNS has no other names that could have a record. */
  private static final Pattern DOMAIN =
      Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_-]{1,63}\\.)+[A-Za-z0-9_-]{1,63}");

  private final DnsResolver dns;
  private final Duration limit;
  private final Deque<SPF> idle = new ConcurrentLinkedDeque<>();

  /**
   * What came of it.
   *
   * @param result none, neutral, pass, fail, softfail, temperror or permerror
   * @param why for people; may be empty
   */
  record Outcome(String result, String why) {}

  SpfCheck(DnsResolver dns) {
    this(dns, Duration.ofSeconds(20));
  }

  private SpfCheck(DnsResolver dns, Duration limit) {
    this.dns = dns;
    this.limit = limit;
  }

  /** The same with another limit for the look-ups of one check. */
  SpfCheck within(Duration time) {
    return new SpfCheck(dns, time);
  }

  /**
   * Checks.
   *
   * @param local the sender's local part, for macros
   * @param domain in ASCII
   * @param hello the client's name, for macros
   */
  Outcome check(InetAddress client, String local, String domain, String hello)
      throws InterruptedException {
    if (!DOMAIN.matcher(domain).matches()) {
      return new Outcome("none", "no domain to ask about");
    }
    SPF spf = idle.poll();
    if (spf == null) {
      spf = create();
    }
    var session = new SPFSession(local + "@" + domain, hello, IpText.of(client));
    Outcome outcome = new Evaluation(dns, client, limit).run(spf, session);
    idle.push(spf);
    return outcome;
  }

  /**
   * JSPF reads its list of terms with the thread's class loader, which knows nothing of it here.
   */
  private static SPF create() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(SPF.class.getClassLoader());
    try {
      LOG.debug("another jSPF is made");
      return new SPF(NoDns.INSTANCE, NoDns.INSTANCE);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
