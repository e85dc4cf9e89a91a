package org.sluice.listeners.qmtp.internal;

/** Something here does not work: the session is given up without a word, with status 111. */
final class Trouble extends Exception {
  private static final long serialVersionUID = 1L;

  Trouble(String message) {
    super(message);
  }
}
