package org.sluice.filters.nullmx.internal;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.ALabels;
import org.sluice.base.OperatorConfig;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.dns.DnsResolver;

/**
 * Refuses mail from and to domains that say in the DNS that they take none (RFC 7505): their only
 * MX record names the root. What the DNS does not tell is let through, for the queue to try.
 */
@Component(
    configurationPid = NullMx.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {FilterProperties.NAME + "=nullmx", FilterProperties.ON_FAILURE + "=accept"})
@Designate(ocd = NullMxConfig.class)
public final class NullMx implements SenderFilter, RecipientFilter {
  static final String PID = "org.sluice.filters.nullmx";
  private static final Logger LOG = LoggerFactory.getLogger(NullMx.class);
  private static final String ROOT = ".";

  private final NullMxConfig config;
  private final DnsResolver dns;

  /** For the framework. */
  @Activate
  public NullMx(BundleContext context, NullMxConfig config, Map<String, Object> properties)
      throws UnknownHostException {
    this(
        OperatorConfig.mended(PID, NullMxConfig.class, config, properties, Map.of()),
        DnsJavaResolver.configured(context.getProperty("sluice.dns")));
  }

  NullMx(NullMxConfig config, DnsResolver dns) {
    this.config = config;
    this.dns = dns;
  }

  @Override
  public Verdict sender(MailTransaction transaction, ReversePath sender) {
    String domain = new Recipient(sender.address()).domain();
    return config.senders() && takesNone(domain)
        ? new Verdict.Reject(Reply.of(550, "5.7.27", "sender domain has null MX"))
        : Verdict.next();
  }

  @Override
  public Verdict recipient(MailTransaction transaction, Recipient recipient) {
    // To all others only the domains of rcpthosts are open, whose mail comes here whatever the DNS
    // says.
    boolean relayed = transaction.session().environment().containsKey("RELAYCLIENT");
    return config.recipients() && relayed && takesNone(recipient.domain())
        ? new Verdict.Reject(Reply.of(556, "5.1.10", "recipient domain has null MX"))
        : Verdict.next();
  }

  private boolean takesNone(String domain) {
    if (domain.isEmpty() || domain.startsWith("[")) {
      return false;
    }
    try {
      List<DnsResolver.Exchanger> found =
          dns.mx(ALabels.domain(domain).orElse(domain)).orElse(List.of());
      return found.size() == 1 && found.get(0).name().equals(ROOT);
    } catch (IOException e) {
      LOG.debug("{}: {}", domain, e.toString());
      return false;
    }
  }
}
