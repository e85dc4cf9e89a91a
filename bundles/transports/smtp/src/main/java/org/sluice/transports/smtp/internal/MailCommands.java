package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.base.ALabels;
import org.sluice.base.Quote;

/**
 * MAIL and RCPT with as much of what was asked as the server takes (RFC 3461 section 5.2, RFC 6531
 * section 3). Where nothing was asked they are qmail's.
 */
final class MailCommands {
  private final Mail mail;
  private final boolean dsn;
  private final boolean utf8;
  private final boolean eightBit;
  private final boolean requireTls;
  private final TimeLeft time;

  MailCommands(Mail mail, Extensions server) {
    this.mail = mail;
    dsn = server.offers("DSN");
    utf8 = mail.options().smtpUtf8() && server.offers("SMTPUTF8");
    eightBit = (utf8 || mail.options().eightBit()) && server.offers("8BITMIME");
    requireTls = mail.options().requireTls() && server.offers("REQUIRETLS");
    time = new TimeLeft(mail.options().deliverBy(), server, Instant.now());
  }

  /** Whether the server tells the sender from now on (RFC 3461 section 5.2.1). */
  boolean tells() {
    return dsn;
  }

  /** Whether the server takes over by when the message is to be delivered. */
  boolean timely() {
    return time.goesOn();
  }

  /** Why the server cannot be given this message: the end of a report; empty if it can. */
  Optional<String> obstacle() throws RemoteFailure {
    Optional<String> late = time.obstacle();
    return late.isPresent() ? late : utf8Obstacle();
  }

  private Optional<String> utf8Obstacle() throws RemoteFailure {
    if (!mail.options().smtpUtf8() || utf8) {
      return Optional.empty();
    }
    boolean addresses =
        Stream.concat(Stream.of(mail.sender()), mail.recipients().stream())
            .allMatch(address -> ALabels.address(address).isPresent());
    if (!addresses) {
      return Optional.of(" but it does not take such addresses (no SMTPUTF8). (#5.6.7)\n");
    }
    return asciiHeader()
        ? Optional.empty()
        : Optional.of(" but it does not take such header fields (no SMTPUTF8). (#5.6.9)\n");
  }

  private boolean asciiHeader() throws RemoteFailure {
    try (InputStream in = mail.body().open()) {
      int before = '\n';
      for (int c = in.read(); c >= 0 && !(c == '\n' && before == '\n'); c = in.read()) {
        if (c >= 0x80) {
          return false;
        }
        before = c;
      }
      return true;
    } catch (IOException e) {
      throw RemoteFailure.message(e);
    }
  }

  String mail() {
    var line = new StringBuilder("MAIL FROM:<").append(path(mail.sender())).append('>');
    line.append(utf8 ? " SMTPUTF8" : "").append(eightBit ? " BODY=8BITMIME" : "");
    line.append(requireTls ? " REQUIRETLS" : "");
    line.append(time.parameter());
    if (dsn) {
      MessageOptions options = mail.options();
      options.returnContent().ifPresent(content -> line.append(" RET=").append(content));
      options.envelopeId().ifPresent(id -> line.append(" ENVID=").append(id));
    }
    return line.toString();
  }

  String recipient(String address) {
    var line = new StringBuilder("RCPT TO:<").append(path(address)).append('>');
    if (dsn) {
      RecipientOptions options = mail.recipientOptions();
      Set<Notify> notifyOn = time.notifyOn(options.notifyOn());
      if (!notifyOn.isEmpty()) {
        line.append(
            notifyOn.stream()
                .sorted()
                .map(Notify::name)
                .collect(Collectors.joining(",", " NOTIFY=", "")));
      }
      options.originalRecipient().ifPresent(o -> line.append(" ORCPT=").append(o));
    }
    return line.toString();
  }

  private String path(String address) {
    boolean convert = mail.options().smtpUtf8() && !utf8;
    return Quote.mangle(convert ? ALabels.address(address).orElse(address) : address);
  }
}
