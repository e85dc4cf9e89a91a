package org.sluice.filters.greylist.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.base.OperatorConfig;

/**
 * Tells the first attempt of a client, a sender and a recipient to come again. Asked after other
 * filters of recipients, so that only what nobody refuses is remembered. Its own failures let mail
 * pass. Not for QMQP, whose clients are known and come again elsewhere.
 */
@Component(
    configurationPid = Greylist.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {
      FilterProperties.NAME + "=" + Greylist.NAME,
      FilterProperties.PROTOCOLS + "=smtp",
      FilterProperties.PROTOCOLS + "=qmtp",
      FilterProperties.TIMEOUT + "=5",
      FilterProperties.ON_FAILURE + "=accept",
      Constants.SERVICE_RANKING + ":Integer=-500"
    })
@Designate(ocd = GreylistConfig.class)
public final class Greylist implements RecipientFilter, MessageFilter {
  static final String PID = "org.sluice.filters.greylist";
  static final String NAME = "greylist";
  private static final Logger LOG = LoggerFactory.getLogger(Greylist.class);

  private final Settings settings;
  private final State state;
  private final Keeper keeper;

  /** For the framework. */
  @Activate
  public Greylist(
      GreylistConfig config, Map<String, Object> properties, @Reference Control control) {
    this(
        Settings.of(
            OperatorConfig.mended(PID, GreylistConfig.class, config, properties, Map.of()),
            complaint -> LOG.error("{}: {}", PID, complaint)),
        new Journal(control.home().resolve("var").resolve(NAME)),
        InstantSource.system());
    keeper.start();
  }

  /** Without a thread that writes. */
  Greylist(Settings settings, Journal journal, InstantSource clock) {
    this.settings = settings;
    this.state = new State(settings.rules(), clock);
    this.keeper = new Keeper(state, journal, System::nanoTime);
  }

  /** Calls have ended by then: who asks has let go. */
  @Deactivate
  void stop() {
    keeper.close();
  }

  @Override
  public Verdict recipient(MailTransaction transaction, Recipient recipient) {
    Session session = transaction.session();
    Optional<InetAddress> client = session.client().map(InetSocketAddress::getAddress);
    if (session.environment().containsKey("RELAYCLIENT")
        || client.isEmpty()
        || settings.exemptions().client(client.get())
        || settings.exemptions().recipient(recipient.address())) {
      return Verdict.next();
    }
    var mail =
        Triplet.of(
            settings.network(client.get()), transaction.sender().address(), recipient.address());
    long seconds = state.attempt(mail.network(), mail.key());
    if (seconds > 0 && transaction.sender().isNull()) {
      // Others ask so whether an address exists, and send nothing: they are told the truth.
      transaction.attributes().merge(NAME, seconds, (a, b) -> Math.max((Long) a, (Long) b));
      return Verdict.next();
    }
    return seconds > 0 ? later(seconds) : Verdict.next();
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits) {
    return transaction.attributes().get(NAME) instanceof Long seconds
        ? later(seconds)
        : Verdict.next();
  }

  private static Verdict later(long seconds) {
    return new Verdict.TempFail(
        Reply.of(451, "4.7.1", "greylisted, come again in " + seconds + " seconds"));
  }
}
