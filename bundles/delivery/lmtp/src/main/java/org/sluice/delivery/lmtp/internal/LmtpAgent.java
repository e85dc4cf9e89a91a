package org.sluice.delivery.lmtp.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.HostName;
import org.sluice.base.SystemError;

/**
 * The instruction {@code !lmtp SERVER [USER]}: hands the message to a server that stores it, as
 * Dovecot or Cyrus do.
 */
public final class LmtpAgent implements DeliveryAgent {
  private static final Logger LOG = LoggerFactory.getLogger(LmtpAgent.class);
  private final Duration connectLimit;
  private final Duration limit;
  private final String name;

  /** With the properties of the component. */
  public LmtpAgent(Map<String, String> properties) throws IOException {
    this(
        Duration.ofSeconds(Long.parseLong(properties.get("connectSeconds"))),
        Duration.ofSeconds(Long.parseLong(properties.get("replySeconds"))),
        HostName.get());
  }

  /** With these limits, under this name. */
  LmtpAgent(Duration connectLimit, Duration limit, String name) {
    this.connectLimit = connectLimit;
    this.limit = limit;
    this.name = name;
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    Optional<Destination> parsed = Destination.parse(delivery.instruction());
    if (parsed.isEmpty()) {
      return new DeliveryResult.TempFail(
          "Uh-oh: !lmtp needs unix:PATH or HOST:PORT, and a user if it is another. (#4.3.0)\n");
    }
    Destination destination = parsed.get();
    String recipient = destination.user().orElse(delivery.recipient());
    if (!oneLine(recipient) || !oneLine(delivery.sender().address())) {
      return new DeliveryResult.PermFail("LMTP has no addresses with line breaks. (#5.1.3)\n");
    }
    try (var channel = destination.connect(delivery.user().home(), connectLimit, limit)) {
      ServerReply reply = new LmtpClient(channel, limit).deliver(delivery, recipient, name);
      return result(destination, reply);
    } catch (LmtpClient.UnreadableMessage e) {
      return new DeliveryResult.TempFail(
          "Unable to read message: " + SystemError.text(e.why()) + ". (#4.3.0)\n");
    } catch (IOException e) {
      LOG.warn("LMTP server {}: {}", destination.server(), e.toString());
      return new DeliveryResult.TempFail(
          "Trouble with the LMTP server " + destination.server() + ": " + why(e) + ". (#4.4.2)\n");
    }
  }

  private static String why(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static boolean oneLine(String address) {
    return address.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  private static DeliveryResult result(Destination destination, ServerReply reply) {
    String text = destination.server() + " said: " + reply.text() + "\n";
    if (reply.positive()) {
      return new DeliveryResult.Delivered(text);
    }
    return reply.permanent()
        ? new DeliveryResult.PermFail(text)
        : new DeliveryResult.TempFail(text);
  }
}
