package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.RecipientOptions;

/**
 * What to send where; strings of bytes.
 *
 * @param host whose mail exchangers are asked
 * @param sender the reverse-path
 * @param recipients at least one
 * @param sizeHint octets of the body, roughly
 * @param body opened once at most for each connection if nothing is asked
 * @param options what is asked for the message
 * @param recipientOptions what is asked for each recipient
 */
record Mail(
    String host,
    String sender,
    List<String> recipients,
    long sizeHint,
    Body body,
    MessageOptions options,
    RecipientOptions recipientOptions) {
  /** With nothing asked. */
  Mail(String host, String sender, List<String> recipients, long sizeHint, Body body) {
    this(host, sender, recipients, sizeHint, body, MessageOptions.NONE, RecipientOptions.NONE);
  }

  /** Whether it takes more than qmail has to say to the server. */
  boolean extended() {
    return options.asked() || recipientOptions.asked();
  }

  /** Gives the message. */
  @FunctionalInterface
  interface Body {
    /** The caller closes it. */
    InputStream open() throws IOException;
  }
}
