package org.sluice.base;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;

/**
 * A SASL exchange in the text form that SMTP (RFC 4954) and POP3 (RFC 5034) share: base64 lines.
 */
public final class SaslConversation {
  /** Sends a challenge in base64, empty if it is, and reads the line that answers it. */
  @FunctionalInterface
  public interface Client {
    /**
     * @throws IOException if the session has ended
     */
    String ask(String challenge) throws IOException;
  }

  /** How it ended. */
  public sealed interface Outcome {}

  /** The client is who it says. */
  public record Accepted(Identity identity) implements Outcome {}

  /**
   * Wrong name or secret.
   *
   * @param name the login name, as {@link SaslStep.Refused} has it
   */
  public record Refused(String name) implements Outcome {}

  /** No base64, or not what the mechanism prescribes. */
  public record Malformed() implements Outcome {}

  /** The client sent an asterisk. */
  public record Cancelled() implements Outcome {}

  /** The login cannot be checked now. */
  public record Unavailable(IOException cause) implements Outcome {}

  private SaslConversation() {}

  /**
   * Leads the exchange to its end.
   *
   * @param initial what follows the mechanism's name, if anything does; {@code =} is an empty
   *     response
   * @throws IOException if the session has ended
   */
  public static Outcome run(SaslExchange exchange, Optional<String> initial, Client client)
      throws IOException, InterruptedException {
    Optional<String> line = initial.map(text -> text.equals("=") ? "" : text);
    while (true) {
      Optional<byte[]> response;
      try {
        response = line.map(Base64.getDecoder()::decode);
      } catch (IllegalArgumentException e) {
        return new Malformed();
      }
      SaslStep step;
      try {
        step = exchange.respond(response);
      } catch (IOException e) {
        return new Unavailable(e);
      }
      if (step instanceof SaslStep.Accepted accepted) {
        return new Accepted(accepted.identity());
      }
      if (step instanceof SaslStep.Refused refused) {
        return new Refused(refused.name());
      }
      if (!(step instanceof SaslStep.Challenge challenge)) {
        return new Malformed();
      }
      String answer = client.ask(Base64.getEncoder().encodeToString(challenge.data()));
      if (answer.equals("*")) {
        return new Cancelled();
      }
      line = Optional.of(answer);
    }
  }
}
