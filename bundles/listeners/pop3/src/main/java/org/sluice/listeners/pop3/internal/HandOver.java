package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.util.Optional;
import org.sluice.api.auth.Credentials;
import org.sluice.api.pop3.Pop3Answer;

/** What becomes of a login: a checker program, or the authenticators and then the Maildir. */
@FunctionalInterface
interface HandOver {
  /**
   * Checks a login and serves the client to its end.
   *
   * @return what to tell the client instead, if the login is not accepted
   */
  Optional<String> login(Credentials credentials) throws IOException, InterruptedException;

  /** Likewise for a login that an extension has checked. */
  default Optional<String> ended(Pop3Answer.Login login) throws IOException, InterruptedException {
    throw new IOException("there are no extensions here");
  }
}
