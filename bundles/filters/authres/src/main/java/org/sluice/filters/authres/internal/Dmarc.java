package org.sluice.filters.authres.internal;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;
import org.sluice.base.OperatorConfig;
import org.sluice.base.OwnMail;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.dns.DnsResolver;

/**
 * Asks whether a message is of the domain in its From field, as SPF and DKIM have found, and what
 * that domain wants done if it is not (DMARC: RFC 7489, organizations by RFC 9989). The result is
 * left as that of the method {@code dmarc}.
 */
@Component(
    configurationPid = Dmarc.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {
      FilterProperties.NAME + "=dmarc",
      FilterProperties.CONCURRENCY + "=50",
      Constants.SERVICE_RANKING + ":Integer=850"
    })
@Designate(ocd = DmarcConfig.class)
public final class Dmarc implements MessageFilter {
  static final String PID = "org.sluice.filters.dmarc";

  private static final int MOST_SECONDS = 200;
  private static final int ALL = 100;

  /** Whose results are compared. */
  private static final List<String> METHODS = List.of("spf", "dkim");

  /** What to do with a message that fails. */
  enum OnFail {
    REPORT,
    REJECT
  }

  private final DnsResolver dns;
  private final boolean rejects;
  private final Duration limit;
  private final IntSupplier dice;

  /**
   * For the framework. Takes its name servers from the framework property {@code sluice.dns}
   * (host:port), else from the system.
   */
  @Activate
  public Dmarc(BundleContext context, DmarcConfig config, Map<String, ?> properties)
      throws UnknownHostException {
    this(
        DnsJavaResolver.configured(context.getProperty("sluice.dns")),
        OperatorConfig.mended(
            PID, DmarcConfig.class, config, properties, Map.of("fail", OnFail.REPORT)));
  }

  private Dmarc(DnsResolver dns, DmarcConfig config) {
    this(
        dns,
        config.fail().strip().equalsIgnoreCase("reject"),
        Duration.ofSeconds(Math.max(1, Math.min(MOST_SECONDS, config.seconds()))),
        () -> ThreadLocalRandom.current().nextInt(ALL));
  }

  Dmarc(DnsResolver dns, boolean rejects, Duration limit, IntSupplier dice) {
    this.dns = dns;
    this.rejects = rejects;
    this.limit = limit;
    this.dice = dice;
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException {
    if (OwnMail.of(transaction.session())) {
      return Verdict.next();
    }
    Optional<String> author;
    try {
      author = Author.domain(message.header());
    } catch (IOException e) {
      throw new FilterException("the message cannot be read", e);
    }
    if (author.isEmpty()) {
      put(transaction, "permerror", "not one author", Map.of());
      return Verdict.next();
    }
    String domain = author.get();
    Map<String, String> from = Map.of("header.from", domain);
    try {
      return judge(transaction, domain, from);
    } catch (IOException e) {
      put(transaction, "temperror", "no answer about the policy", from);
      return Verdict.next();
    }
  }

  private static void put(
      MailTransaction transaction, String result, String why, Map<String, String> properties) {
    var dmarc = new AuthResult("dmarc", result, why, properties);
    AuthResult.put(transaction, "dmarc", List.of(dmarc));
  }

  private Verdict judge(MailTransaction transaction, String domain, Map<String, String> from)
      throws IOException, InterruptedException {
    var walk = new TreeWalk(dns, limit);
    Optional<DmarcRecord> own = walk.record(domain);
    // Most mail is of the author's very domain: then there is nothing more to ask.
    boolean same =
        own.isPresent() && METHODS.stream().anyMatch(m -> passed(transaction, m).contains(domain));
    String organization = same ? domain : walk.organization(domain);
    boolean subdomain = own.isEmpty();
    Optional<DmarcRecord> found = subdomain ? policyAbove(walk, organization) : own;
    if (found.isEmpty()) {
      put(transaction, "none", "", from);
      return Verdict.next();
    }
    DmarcRecord record = found.get();
    String policy = record.policy(subdomain);
    String shown = (subdomain ? "sp=" : "p=") + policy;
    if (aligned(transaction, walk, record, domain, organization)) {
      put(transaction, "pass", shown, from);
      return Verdict.next();
    }
    Optional<String> unknown = unknown(transaction);
    if (unknown.isPresent()) {
      put(transaction, "temperror", unknown.get(), from);
      return Verdict.next();
    }
    put(transaction, "fail", shown, from);
    return rejects && policy.equals("reject") && record.applies(dice.getAsInt())
        ? new Verdict.Reject(
            Reply.of(550, "5.7.26", "DMARC: " + domain + " asks to refuse this message"))
        : Verdict.next();
  }

  /** That of the organization, else of the public suffix above it. */
  private static Optional<DmarcRecord> policyAbove(TreeWalk walk, String organization)
      throws IOException, InterruptedException {
    Optional<DmarcRecord> found = walk.record(organization);
    int dot = organization.indexOf('.');
    return found.isPresent() || dot < 0
        ? found
        : walk.record(organization.substring(dot + 1)).filter(r -> r.suffix().equals("y"));
  }

  /** Whether a method has passed for a domain that is, or belongs with, the author's. */
  private static boolean aligned(
      MailTransaction transaction,
      TreeWalk walk,
      DmarcRecord record,
      String domain,
      String organization)
      throws IOException, InterruptedException {
    for (String method : METHODS) {
      boolean strict = record.strict("a" + method);
      for (String passed : passed(transaction, method)) {
        if (passed.equals(domain) || !strict && walk.related(passed, organization)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> passed(MailTransaction transaction, String method) {
    List<String> domains = new ArrayList<>();
    for (AuthResult result : AuthResult.of(transaction, method).orElse(List.of())) {
      if (result.result().equals("pass")) {
        for (String property : List.of("smtp.mailfrom", "smtp.helo", "header.d")) {
          Optional.ofNullable(result.properties().get(property))
              .flatMap(Author::domain)
              .ifPresent(domains::add);
        }
      }
    }
    return domains;
  }

  /** Why a message that has not passed need not have failed, if so. */
  private static Optional<String> unknown(MailTransaction transaction) {
    for (String method : METHODS) {
      Optional<List<AuthResult>> results = AuthResult.of(transaction, method);
      if (results.isEmpty()) {
        return Optional.of(method + " was not asked");
      }
      if (results.get().stream().anyMatch(r -> r.result().equals("temperror"))) {
        return Optional.of(method + " cannot tell");
      }
    }
    return Optional.empty();
  }
}
