package org.sluice.transports.smtp.internal;

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.mail.Recipient;
import org.sluice.base.ALabels;

/**
 * The remote channel: the job of qmail-rspawn, one recipient a call, connections reused. Immediate,
 * because each activation forgets the timeouts.
 */
@Component(property = Transport.CHANNEL + "=remote", immediate = true)
public final class SmtpTransport implements Transport {
  private final SmtpClient client;

  /** Empties the table of timeouts, as qmail-rspawn does when it starts. */
  @Activate
  public SmtpTransport(@Reference SmtpClient client) {
    this.client = client;
    client.clearTimeouts();
  }

  @Override
  public DeliveryResult deliver(Attempt attempt) {
    String recipient = attempt.recipient();
    String domain = new Recipient(recipient).domain();
    boolean utf8 = attempt.options().smtpUtf8();
    var mail =
        new Mail(
            utf8 ? ALabels.domain(domain).orElse(domain) : domain,
            attempt.sender().address(),
            List.of(recipient),
            attempt.message().size(),
            attempt.message()::open,
            attempt.options(),
            attempt.recipientOptions());
    Reports reports = client.send(mail, true);
    return Condensed.of(reports.toString(), mail.extended() && reports.told(), reports.inTime());
  }
}
