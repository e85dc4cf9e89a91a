package org.sluice.api.filter;

import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.mail.ReversePath;

/**
 * Asked at MAIL. A service; see {@link FilterProperties}. Called on a thread of the host's, many
 * calls at once. A throw, a null or a time-out counts as {@code sluice.onFailure}; an interrupt
 * means that the time is up or the filter is being removed.
 */
@ConsumerType
@FunctionalInterface
public interface SenderFilter {
  /** Decides. */
  Verdict sender(MailTransaction transaction, ReversePath sender)
      throws FilterException, InterruptedException;
}
