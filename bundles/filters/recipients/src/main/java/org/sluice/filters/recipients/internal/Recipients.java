package org.sluice.filters.recipients.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Destinations;
import org.sluice.api.delivery.Transport;
import org.sluice.api.delivery.Transport.Mailbox;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.base.OperatorConfig;
import org.sluice.base.RankedServices;

/**
 * Asks the queue where a recipient would go, and if that is the local channel whoever delivers
 * there whether the mailbox exists. Whatever cannot be told now is for the delivery to find out: a
 * throw and a call that takes too long let the recipient pass.
 *
 * <p>Asked before other filters of recipients, so that none of them tells a client to come again
 * with what will be refused anyway. Not for QMQP, where one recipient takes all others with it.
 */
@Component(
    configurationPid = Recipients.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {
      FilterProperties.NAME + "=recipients",
      FilterProperties.PROTOCOLS + "=smtp",
      FilterProperties.PROTOCOLS + "=qmtp",
      FilterProperties.TIMEOUT + "=5",
      FilterProperties.ON_FAILURE + "=accept",
      Constants.SERVICE_RANKING + ":Integer=500"
    })
@Designate(ocd = RecipientsConfig.class)
public final class Recipients implements RecipientFilter {
  static final String PID = "org.sluice.filters.recipients";

  private static final Logger LOG = LoggerFactory.getLogger(Recipients.class);
  private static final Verdict NOBODY =
      new Verdict.Reject(Reply.of(550, "5.1.1", "sorry, no mailbox here by that name"));

  /** What a look-up gets to end when the service that it is in leaves. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final RankedServices<Destinations> queues = new RankedServices<>(DRAIN);
  private final RankedServices<Transport> transports = new RankedServices<>(DRAIN);
  private final boolean relayClients;

  /** For the framework. */
  @Activate
  public Recipients(RecipientsConfig config, Map<String, Object> properties) {
    this(
        OperatorConfig.mended(PID, RecipientsConfig.class, config, properties, Map.of())
            .relayClients());
  }

  Recipients(boolean relayClients) {
    this.relayClients = relayClients;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addQueue(Destinations queue, Map<String, ?> properties) {
    queues.add(queue, properties);
  }

  void removeQueue(Destinations queue) {
    queues.remove(queue);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + Transport.CHANNEL + "=local)")
  void addTransport(Transport transport, Map<String, ?> properties) {
    transports.add(transport, properties);
  }

  void removeTransport(Transport transport) {
    transports.remove(transport);
  }

  @Override
  public Verdict recipient(MailTransaction transaction, Recipient recipient)
      throws InterruptedException {
    if (!relayClients && transaction.session().environment().containsKey("RELAYCLIENT")) {
      return Verdict.next();
    }
    try {
      Optional<QueuedRecipient> queued =
          queues.ask(queue -> Optional.of(queue.find(recipient.address())));
      return queued.isPresent() && queued.get().channel() == Channel.LOCAL
          ? verdict(queued.get().address())
          : Verdict.next();
    } catch (IOException e) {
      LOG.debug("{}: {} is not checked", transaction.session().id(), recipient.address(), e);
      return Verdict.next();
    }
  }

  /** Of the transport that would deliver: another that comes after it has no say. */
  private Verdict verdict(String address) throws IOException, InterruptedException {
    Optional<Mailbox> mailbox = transports.ask(transport -> Optional.of(find(transport, address)));
    return mailbox.isPresent() && mailbox.get() == Mailbox.MISSING ? NOBODY : Verdict.next();
  }

  private static Mailbox find(Transport transport, String address) throws InterruptedException {
    try {
      return transport.find(address);
    } catch (IOException e) {
      LOG.debug("{} cannot be looked up", address, e);
      return Mailbox.UNKNOWN;
    }
  }
}
