package org.sluice.base;

import org.sluice.api.filter.Session;

/** Mail that somebody sends through this host, and mail of others. */
public final class OwnMail {
  private OwnMail() {}

  /**
   * Whether the mail of this client is its own: it may relay, which QMQP is for, or has logged in.
   * Then there is nothing to find out about where it comes from.
   */
  public static boolean of(Session session) {
    return session.environment().containsKey("RELAYCLIENT")
        || session.user().isPresent()
        || session.protocol().equals("qmqp");
  }
}
