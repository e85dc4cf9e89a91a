package org.sluice.chain.internal;

import java.time.Duration;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.HelloFilter;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;

/** The places of a dialogue at which filters are asked, in the order of the dialogue. */
enum Stage {
  CONNECT(ConnectFilter.class, 30),
  HELLO(HelloFilter.class, 30),
  SENDER(SenderFilter.class, 30),
  RECIPIENT(RecipientFilter.class, 30),
  MESSAGE(MessageFilter.class, 300);

  private final Class<?> type;
  private final Duration limit;

  Stage(Class<?> type, long seconds) {
    this.type = type;
    this.limit = Duration.ofSeconds(seconds);
  }

  /** The interface of its filters. */
  Class<?> type() {
    return type;
  }

  /** How long a call may take unless the filter says otherwise. */
  Duration limit() {
    return limit;
  }

  /** Whether it belongs to a mail transaction, so that there is mail to discard or to hold. */
  boolean inTransaction() {
    return compareTo(SENDER) >= 0;
  }

  /** As an operator reads it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
