package org.sluice.listeners.pop3.internal;

import java.io.IOException;

/** The session has ended while an extension asked the client something. Passes through it. */
final class ClientGone extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGone(String message) {
    super(message);
  }

  ClientGone(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
