package org.sluice.filters.spf.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.ALabels;
import org.sluice.base.IpText;
import org.sluice.base.Networks;
import org.sluice.base.OperatorConfig;
import org.sluice.base.OwnMail;
import org.sluice.base.PrintableText;
import org.sluice.dns.DnsJavaResolver;

/**
 * Asks at MAIL whether the client may send mail of the sender's domain, or of the domain of its own
 * HELO name if there is no sender (RFC 7208). The result is left for other filters as that of the
 * method {@code spf}.
 */
@Component(
    configurationPid = Spf.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {FilterProperties.NAME + "=spf", FilterProperties.TIMEOUT + "=60"})
@Designate(ocd = SpfConfig.class)
public final class Spf implements SenderFilter {
  static final String PID = "org.sluice.filters.spf";

  private static final Logger LOG = LoggerFactory.getLogger(Spf.class);

  /** With the last question, of 5 seconds, still within the time that the filter has. */
  private static final int MOST_SECONDS = 50;

  /** What to do when the domain does not permit the client. */
  enum OnFail {
    REPORT,
    REJECT
  }

  /** What to do when the DNS cannot be asked. */
  enum OnTempError {
    REPORT,
    DEFER
  }

  private final SpfCheck check;
  private final Networks exempt;
  private final boolean rejects;
  private final boolean defers;

  /**
   * For the framework. Takes its name servers from the framework property {@code sluice.dns}
   * (host:port), else from the system.
   *
   * @throws IllegalArgumentException naming what is no network
   */
  @Activate
  public Spf(BundleContext context, SpfConfig config, Map<String, ?> properties)
      throws UnknownHostException {
    this(
        new SpfCheck(DnsJavaResolver.configured(context.getProperty("sluice.dns"))),
        OperatorConfig.mended(
            PID,
            SpfConfig.class,
            config,
            properties,
            Map.of("fail", OnFail.REPORT, "tempError", OnTempError.REPORT)));
  }

  private Spf(SpfCheck check, SpfConfig config) {
    this(
        check.within(Duration.ofSeconds(Math.max(1, Math.min(MOST_SECONDS, config.seconds())))),
        Networks.of(config.exempt()),
        config.fail().strip().equalsIgnoreCase("reject"),
        config.tempError().strip().equalsIgnoreCase("defer"));
  }

  Spf(SpfCheck check, Networks exempt, boolean rejects, boolean defers) {
    this.check = check;
    this.exempt = exempt;
    this.rejects = rejects;
    this.defers = defers;
  }

  @Override
  public Verdict sender(MailTransaction transaction, ReversePath sender)
      throws InterruptedException {
    Session session = transaction.session();
    Optional<InetAddress> client = session.client().map(InetSocketAddress::getAddress);
    if (client.isEmpty() || OwnMail.of(session) || exempt.contains(client.get())) {
      return Verdict.next();
    }
    String ip = IpText.of(client.get());
    String hello = session.hello().orElse("");
    String address = sender.isNull() ? "postmaster@" + hello : sender.address();
    int at = address.lastIndexOf('@');
    String local = at < 0 ? "postmaster" : address.substring(0, at);
    String domain = address.substring(at + 1);
    SpfCheck.Outcome outcome =
        check.check(client.get(), local, ALabels.domain(domain).orElse(""), hello);
    AuthResult.put(transaction, "spf", List.of(result(sender, domain, hello, ip, outcome)));
    LOG.debug("{}: spf={} for {}", session.id(), outcome.result(), PrintableText.name(address));
    return verdict(ip, domain, outcome.result());
  }

  private static AuthResult result(
      ReversePath sender, String domain, String hello, String ip, SpfCheck.Outcome outcome) {
    return new AuthResult(
        "spf",
        outcome.result(),
        outcome.why().isEmpty() ? "client " + ip : outcome.why() + ", client " + ip,
        sender.isNull()
            ? Map.of("smtp.helo", hello)
            : Map.of("smtp.mailfrom", domain.equals(sender.address()) ? domain : sender.address()));
  }

  private Verdict verdict(String ip, String domain, String result) {
    String shown = PrintableText.name(domain);
    if (rejects && result.equals("fail")) {
      return new Verdict.Reject(
          Reply.of(550, "5.7.23", "SPF: " + shown + " does not let " + ip + " send its mail"));
    }
    return defers && result.equals("temperror")
        ? new Verdict.TempFail(
            Reply.of(451, "4.4.3", "SPF: the DNS cannot tell about " + shown + " now"))
        : Verdict.next();
  }
}
