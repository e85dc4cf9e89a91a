package org.sluice.transports.smtp.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.mail.Recipient;
import org.sluice.base.ALabels;
import org.sluice.base.QmailStart;

/**
 * The remote channel: the job of qmail-rspawn, one recipient a call, connections reused. Immediate,
 * because each activation forgets the timeouts.
 *
 * <p>A program that QMAILREMOTE names in the environment of qmail-start is run instead, but for
 * mail that asks for TLS, of which the program would not hear.
 */
@Component(property = Transport.CHANNEL + "=remote", immediate = true)
public final class SmtpTransport implements Transport {
  private final SmtpClient client;
  private final Optional<RemoteCommand> program;

  /** Empties the table of timeouts, as qmail-rspawn does when it starts. */
  @Activate
  public SmtpTransport(@Reference SmtpClient client, @Reference Control control) {
    this(client, RemoteCommand.given(QmailStart.environment().orElse(Map.of()), control::home));
  }

  SmtpTransport(SmtpClient client, Optional<RemoteCommand> program) {
    this.client = client;
    this.program = program;
    client.clearTimeouts();
  }

  @Override
  public DeliveryResult deliver(Attempt attempt) throws InterruptedException {
    String recipient = attempt.recipient();
    String domain = new Recipient(recipient).domain();
    String sender = attempt.sender().address();
    boolean utf8 = attempt.options().smtpUtf8();
    String host = utf8 ? ALabels.domain(domain).orElse(domain) : domain;
    if (program.isPresent() && !attempt.options().requireTls()) {
      return program.get().deliver(host, sender, recipient, attempt.message());
    }
    var mail =
        new Mail(
            host,
            sender,
            List.of(recipient),
            attempt.message().size(),
            attempt.message()::open,
            attempt.options(),
            attempt.recipientOptions());
    Reports reports = client.send(mail, true);
    return Condensed.of(reports.toString(), mail.extended() && reports.told(), reports.inTime());
  }
}
