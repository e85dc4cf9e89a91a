package org.sluice.inject.internal;

import java.util.Optional;
import org.sluice.base.MessageField;

/** The fields that qmail-inject knows, and what it does with them (spec 30 section 6.2). */
enum FieldType {
  TO("To", Use.RECIPIENTS),
  CC("Cc", Use.RECIPIENTS),
  BCC("Bcc", Use.RECIPIENTS),
  APPARENTLY_TO("Apparently-To", Use.RECIPIENTS),
  RESENT_TO("Resent-To", Use.RESENT_RECIPIENTS),
  RESENT_CC("Resent-Cc", Use.RESENT_RECIPIENTS),
  RESENT_BCC("Resent-Bcc", Use.RESENT_RECIPIENTS),
  SENDER("Sender", Use.ADDRESSES),
  FROM("From", Use.ADDRESSES),
  REPLY_TO("Reply-To", Use.ADDRESSES),
  RETURN_RECEIPT_TO("Return-Receipt-To", Use.ADDRESSES),
  ERRORS_TO("Errors-To", Use.ADDRESSES),
  RESENT_SENDER("Resent-Sender", Use.ADDRESSES),
  RESENT_FROM("Resent-From", Use.ADDRESSES),
  RESENT_REPLY_TO("Resent-Reply-To", Use.ADDRESSES),
  RETURN_PATH("Return-Path", Use.ADDRESSES),
  DATE("Date", Use.NONE),
  MESSAGE_ID("Message-ID", Use.NONE),
  RESENT_DATE("Resent-Date", Use.NONE),
  RESENT_MESSAGE_ID("Resent-Message-ID", Use.NONE),
  MAIL_FOLLOWUP_TO("Mail-Followup-To", Use.NONE),
  CONTENT_LENGTH("Content-Length", Use.NONE);

  /** What its content is. */
  enum Use {
    /** Recipients; a mistake in them is tolerated. */
    RECIPIENTS,
    /** Recipients of a message that is sent again. */
    RESENT_RECIPIENTS,
    /** Other addresses; a mistake in them is fatal. */
    ADDRESSES,
    /** Not looked at. */
    NONE
  }

  private final String title;
  private final Use use;

  FieldType(String title, Use use) {
    this.title = title;
    this.use = use;
  }

  /** Empty for a field of no interest. */
  static Optional<FieldType> of(MessageField field) {
    for (FieldType type : values()) {
      if (field.is(type.title)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  Use use() {
    return use;
  }

  /** Whether it has no place in the message that is queued. */
  boolean deleted() {
    return this == BCC || this == RESENT_BCC || this == RETURN_PATH || this == CONTENT_LENGTH;
  }

  /** Whether it says that the message is sent again (spec 30 section 7.6). */
  boolean resent() {
    return title.startsWith("Resent-");
  }
}
