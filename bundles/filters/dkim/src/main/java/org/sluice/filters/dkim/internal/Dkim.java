package org.sluice.filters.dkim.internal;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.sluice.base.OperatorConfig;
import org.sluice.base.OwnMail;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.dns.DnsResolver;

/**
 * Verifies the signatures of a message (RFC 6376) and leaves the results for other filters as those
 * of the method {@code dkim}. Refuses nothing: a signature that is not good means no more than none
 * (section 6.1). To be asked before filters that change the message.
 */
@Component(
    configurationPid = Dkim.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {
      FilterProperties.NAME + "=dkim",
      FilterProperties.CONCURRENCY + "=50",
      Constants.SERVICE_RANKING + ":Integer=900"
    })
@Designate(ocd = DkimConfig.class)
public final class Dkim implements MessageFilter {
  static final String PID = "org.sluice.filters.dkim";

  private static final int MOST_SECONDS = 200;
  private static final int MOST_SIGNATURES = 100;

  private final DnsResolver dns;
  private final int most;
  private final Duration limit;

  /**
   * For the framework. Takes its name servers from the framework property {@code sluice.dns}
   * (host:port), else from the system.
   */
  @Activate
  public Dkim(BundleContext context, DkimConfig config, Map<String, ?> properties)
      throws UnknownHostException {
    this(
        DnsJavaResolver.configured(context.getProperty("sluice.dns")),
        OperatorConfig.mended(PID, DkimConfig.class, config, properties, Map.of()));
  }

  private Dkim(DnsResolver dns, DkimConfig config) {
    this(
        dns,
        Math.max(1, Math.min(MOST_SIGNATURES, config.signatures())),
        Duration.ofSeconds(Math.max(1, Math.min(MOST_SECONDS, config.seconds()))));
  }

  Dkim(DnsResolver dns, int most, Duration limit) {
    this.dns = dns;
    this.most = most;
    this.limit = limit;
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException {
    if (OwnMail.of(transaction.session())) {
      return Verdict.next();
    }
    try {
      var verification = new Verification(new Keys(dns, limit), most, Clock.systemUTC());
      List<AuthResult> results = verification.results(message);
      AuthResult.put(transaction, "dkim", results);
      return Verdict.next();
    } catch (IOException e) {
      throw new FilterException("the message cannot be read", e);
    }
  }
}
