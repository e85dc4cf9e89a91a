package org.sluice.api.mail;

import java.util.Optional;

/**
 * What a submitter has asked for a message, beyond that it be delivered.
 *
 * @param returnContent the parameter RET (RFC 3461 section 4.3)
 * @param envelopeId the parameter ENVID (RFC 3461 section 4.4) as it came, which is xtext
 * @param smtpUtf8 whether addresses or header may be UTF-8 (RFC 6531 section 3.4)
 */
public record MessageOptions(
    Optional<ReturnContent> returnContent, Optional<String> envelopeId, boolean smtpUtf8) {
  /** Nothing is asked. */
  public static final MessageOptions NONE =
      new MessageOptions(Optional.empty(), Optional.empty(), false);

  /** Refuses what would break an SMTP command. */
  public MessageOptions {
    envelopeId.ifPresent(RecipientOptions::check);
  }

  /** Whether anything is asked. */
  public boolean asked() {
    return smtpUtf8 || returnContent.isPresent() || envelopeId.isPresent();
  }

  /** The same with these parameters of DSN. */
  public MessageOptions withDsn(Optional<ReturnContent> content, Optional<String> id) {
    return new MessageOptions(content, id, smtpUtf8);
  }

  /** The same with or without UTF-8. */
  public MessageOptions withSmtpUtf8(boolean utf8) {
    return new MessageOptions(returnContent, envelopeId, utf8);
  }
}
