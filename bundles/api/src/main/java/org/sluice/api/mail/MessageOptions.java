package org.sluice.api.mail;

import java.util.Optional;

/**
 * What a submitter has asked for a message, beyond that it be delivered.
 *
 * @param returnContent the parameter RET (RFC 3461 section 4.3)
 * @param envelopeId the parameter ENVID (RFC 3461 section 4.4) as it came, which is xtext
 * @param smtpUtf8 whether addresses or header may be UTF-8 (RFC 6531 section 3.4)
 * @param eightBit whether the body was announced as BODY=8BITMIME (RFC 6152); no request, but a
 *     word that goes on to a server with which the dialogue is extended for another reason
 * @param requireTls the parameter REQUIRETLS (RFC 8689): the message goes to no server that is not
 *     proven to be the right one by TLS, and to none that does not promise the same
 * @param deliverBy the parameter BY (RFC 2852)
 */
public record MessageOptions(
    Optional<ReturnContent> returnContent,
    Optional<String> envelopeId,
    boolean smtpUtf8,
    boolean eightBit,
    boolean requireTls,
    Optional<DeliverBy> deliverBy) {
  /** Nothing is asked. */
  public static final MessageOptions NONE =
      new MessageOptions(Optional.empty(), Optional.empty(), false);

  /** Refuses what would break an SMTP command. */
  public MessageOptions {
    envelopeId.ifPresent(RecipientOptions::check);
  }

  /** Of a body that was not announced as BODY=8BITMIME, without the later parameters. */
  public MessageOptions(
      Optional<ReturnContent> returnContent, Optional<String> envelopeId, boolean smtpUtf8) {
    this(returnContent, envelopeId, smtpUtf8, false, false, Optional.empty());
  }

  /** Whether anything is asked; {@link #eightBit} asks for nothing. */
  public boolean asked() {
    return smtpUtf8
        || requireTls
        || returnContent.isPresent()
        || envelopeId.isPresent()
        || deliverBy.isPresent();
  }

  /** The same with these parameters of DSN. */
  public MessageOptions withDsn(Optional<ReturnContent> content, Optional<String> id) {
    return new MessageOptions(content, id, smtpUtf8, eightBit, requireTls, deliverBy);
  }

  /** The same with or without UTF-8. */
  public MessageOptions withSmtpUtf8(boolean utf8) {
    return new MessageOptions(returnContent, envelopeId, utf8, eightBit, requireTls, deliverBy);
  }

  /** The same with or without BODY=8BITMIME. */
  public MessageOptions withEightBit(boolean announced) {
    return new MessageOptions(
        returnContent, envelopeId, smtpUtf8, announced, requireTls, deliverBy);
  }

  /** The same with or without REQUIRETLS. */
  public MessageOptions withRequireTls(boolean required) {
    return new MessageOptions(returnContent, envelopeId, smtpUtf8, eightBit, required, deliverBy);
  }

  /** The same with or without a time to be delivered by. */
  public MessageOptions withDeliverBy(Optional<DeliverBy> by) {
    return new MessageOptions(returnContent, envelopeId, smtpUtf8, eightBit, requireTls, by);
  }
}
