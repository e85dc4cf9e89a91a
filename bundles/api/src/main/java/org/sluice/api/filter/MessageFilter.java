package org.sluice.api.filter;

import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.mail.MessageSource;

/**
 * Asked once a message, after the last octet and before the reply. A service; see {@link
 * FilterProperties}. Called on a thread of the host's, many calls at once. A throw, a null or a
 * time-out counts as {@code sluice.onFailure}; an interrupt means that the time is up or the filter
 * is being removed.
 */
@ConsumerType
@FunctionalInterface
public interface MessageFilter {
  /** Decides; edits are applied once, if the message lives. */
  Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException;
}
