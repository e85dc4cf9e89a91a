package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What to send where; strings of bytes.
 *
 * @param host whose mail exchangers are asked
 * @param sender the reverse-path
 * @param recipients at least one
 * @param sizeHint octets of the body, roughly
 * @param body opened once at most for each connection
 */
record Mail(String host, String sender, List<String> recipients, long sizeHint, Body body) {
  /** Gives the message. */
  @FunctionalInterface
  interface Body {
    /** The caller closes it. */
    InputStream open() throws IOException;
  }
}
