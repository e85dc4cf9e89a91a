package org.sluice.filters.spf.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.jspf.core.DNSLookupContinuation;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSResponse;
import org.apache.james.jspf.core.SPF1Utils;
import org.apache.james.jspf.core.SPFChecker;
import org.apache.james.jspf.core.SPFCheckerDNSResponseListener;
import org.apache.james.jspf.core.SPFCheckerExceptionCatcher;
import org.apache.james.jspf.core.SPFSession;
import org.apache.james.jspf.core.exceptions.PermErrorException;
import org.apache.james.jspf.core.exceptions.SPFResultException;
import org.apache.james.jspf.core.exceptions.TempErrorException;
import org.apache.james.jspf.impl.SPF;
import org.apache.james.jspf.terms.AMechanism;
import org.apache.james.jspf.terms.ExistsMechanism;
import org.apache.james.jspf.terms.ExpModifier;
import org.apache.james.jspf.terms.MXMechanism;
import org.apache.james.jspf.terms.PTRMechanism;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.dns.DnsResolver;

/**
 * One run of jSPF: does what its executor does, asks our resolver, and sets the limits that jSPF
 * has not (RFC 7208 section 4.6.4). That at most ten terms may ask the DNS is jSPF's own. Its
 * executor and its handler of results are not used, for they log a stack trace for every domain
 * without a record. Used by one thread, once.
 */
final class Evaluation {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);
  private static final int MOST_VOIDS = 2;
  private static final int MOST_RECORDS = 10;

  /** Of one record in octets: no honest one comes near, and jSPF's expressions recurse. */
  private static final int LONGEST = 4_096;

  /** What jSPF keeps of the last mx and forgets to remove when no exchanger has an address. */
  private static final List<String> LEFT =
      List.of("MXMechanism.checkRecords", "MXMechanism.mxRecords");

  private final DnsResolver dns;
  private final InetAddress client;
  private final long end;
  private int voids;
  private String why = "";

  Evaluation(DnsResolver dns, InetAddress client, Duration limit) {
    this.dns = dns;
    this.client = client;
    this.end = System.nanoTime() + limit.toNanos();
  }

  SpfCheck.Outcome run(SPF spf, SPFSession session) throws InterruptedException {
    var last = new Last();
    session.pushChecker(last);
    session.pushChecker(spf);
    try {
      for (var next = session.popChecker(); next != null; next = session.popChecker()) {
        step(next, session);
      }
      return new SpfCheck.Outcome(session.getCurrentResultExpanded(), why);
    } catch (SPFResultException | RuntimeException | StackOverflowError e) {
      // Whatever jSPF stumbles over is in the domain's records.
      LOG.debug("records that cannot be understood", e);
      return new SpfCheck.Outcome("permerror", "the record cannot be understood");
    }
  }

  private void step(SPFChecker checker, SPFSession session)
      throws SPFResultException, InterruptedException {
    try {
      DNSLookupContinuation question = checker.checkSPF(session);
      while (question != null) {
        SPFCheckerDNSResponseListener listener = question.getListener();
        var answer = new DNSResponse(records(question.getRequest(), listener, session));
        question = listener.onDNSResponse(answer, session);
      }
    } catch (SPFResultException e) {
      raise(e, session);
    }
  }

  /** To the include or redirect that the trouble is in, and from there to those around it. */
  private static void raise(SPFResultException trouble, SPFSession session)
      throws SPFResultException {
    SPFResultException left = trouble;
    while (left != null) {
      var catcher = session.popChecker(c -> c instanceof SPFCheckerExceptionCatcher);
      if (catcher == null) {
        throw left;
      }
      try {
        ((SPFCheckerExceptionCatcher) catcher).onException(left, session);
        left = null;
      } catch (SPFResultException e) {
        left = e;
      }
    }
  }

  private List<String> records(
      DNSRequest request, SPFCheckerDNSResponseListener listener, SPFSession session)
      throws SPFResultException, InterruptedException {
    int type = request.getRecordType();
    if (type == DNSRequest.SPF || listener instanceof ExpModifier) {
      return null; // nobody asks for that type any more (section 3.1); explanations are not used
    }
    if (type == DNSRequest.MX) {
      LEFT.forEach(session::removeAttribute);
    }
    Optional<List<String>> found;
    try {
      if (System.nanoTime() - end > 0) {
        throw temporary("the look-ups take too long");
      }
      found = ask(request).filter(records -> !records.isEmpty());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (soft(listener)) {
        return null;
      }
      throw temporary("no answer about " + request.getHostname());
    }
    count(found.isEmpty(), type, listener);
    if (type == DNSRequest.MX && found.isPresent() && found.get().size() > MOST_RECORDS) {
      throw permanent("more than " + MOST_RECORDS + " exchangers");
    }
    // Changed by jSPF.
    return found.map(records -> new ArrayList<>(limited(records, type))).orElse(null);
  }

  private static List<String> limited(List<String> records, int type) {
    return type == DNSRequest.PTR && records.size() > MOST_RECORDS
        ? records.subList(0, MOST_RECORDS)
        : records;
  }

  /**
   * The names of addresses are not so important that the DNS must be able to tell (section 5.5).
   */
  private static boolean soft(SPFCheckerDNSResponseListener listener) {
    return listener instanceof PTRMechanism || listener.getClass().getName().contains("Macro");
  }

  /**
   * Terms whose own question finds nothing, those for addresses of their exchangers not counted.
   */
  private void count(boolean empty, int type, SPFCheckerDNSResponseListener listener)
      throws PermErrorException {
    boolean own =
        listener instanceof MXMechanism
            ? type == DNSRequest.MX
            : listener instanceof AMechanism
                || listener instanceof ExistsMechanism
                || listener instanceof PTRMechanism && type == DNSRequest.PTR;
    if (empty && own && ++voids > MOST_VOIDS) {
      throw permanent("more than " + MOST_VOIDS + " look-ups that find nothing");
    }
  }

  private Optional<List<String>> ask(DNSRequest request) throws IOException, PermErrorException {
    String name = request.getHostname();
    return switch (request.getRecordType()) {
      case DNSRequest.A -> dns.ipv4(name).map(Evaluation::texts);
      case DNSRequest.AAAA -> dns.ipv6(name).map(Evaluation::texts);
      case DNSRequest.MX ->
          dns.mx(name).map(found -> found.stream().map(DnsResolver.Exchanger::name).toList());
      // Only the client's own address is ever asked about.
      case DNSRequest.PTR ->
          dns.ptr(client).map(found -> found.stream().map(n -> String.join(".", n)).toList());
      default -> Optional.of(own(dns.txt(name).orElse(List.of())));
    };
  }

  private static List<String> texts(List<InetAddress> addresses) {
    return addresses.stream().map(IpText::of).toList();
  }

  private TempErrorException temporary(String reason) {
    why = reason;
    return new TempErrorException(reason);
  }

  /** Only reasons of our own are shown: jSPF's have expressions and whole records in them. */
  private PermErrorException permanent(String reason) {
    why = reason;
    return new PermErrorException(reason);
  }

  private List<String> own(List<String> texts) throws PermErrorException {
    for (String text : texts) {
      if (text.length() > LONGEST && text.regionMatches(true, 0, "v=spf1", 0, 6)) {
        throw permanent("a record of " + text.length() + " octets");
      }
    }
    return texts;
  }

  /** At the bottom: takes the result, or the trouble that nothing above has kept. */
  private final class Last implements SPFChecker, SPFCheckerExceptionCatcher {
    @Override
    public DNSLookupContinuation checkSPF(SPFSession session) {
      if (session.getCurrentResultExpanded() == null) {
        String result = session.getCurrentResult();
        session.setCurrentResultExpanded(SPF1Utils.resultToName(result == null ? "" : result));
      }
      return null;
    }

    @Override
    public void onException(Throwable trouble, SPFSession session) {
      session.setCurrentResultExpanded(((SPFResultException) trouble).getResult());
    }
  }
}
