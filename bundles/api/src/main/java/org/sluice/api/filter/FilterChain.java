package org.sluice.api.filter;

import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.ReversePath;

/**
 * All filters, in order, guarded; what listeners call on their session's thread. Never throws
 * because of a filter. An interrupt ends the call that runs and is thrown on.
 */
@ProviderType
public interface FilterChain {
  /** Before the greeting: Continue, Reject or TempFail. */
  Verdict connect(Session session) throws InterruptedException;

  /** At HELO and EHLO: Continue, Reject or TempFail. */
  Verdict hello(Session session, String name) throws InterruptedException;

  /**
   * At MAIL: pins the present generation of filters until the pass is closed. While a filter is
   * being replaced it waits: until the transactions that have the old one have ended, at most as
   * long as they may take, and then two seconds for the new one. An interrupt ends the wait; it is
   * kept, and all verdicts of the pass are 451.
   */
  FilterPass begin(Session session, ReversePath sender);
}
