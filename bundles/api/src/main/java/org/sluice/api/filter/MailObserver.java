package org.sluice.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

/** Sees what happens to mail and can neither delay nor change it. Called from a bounded queue. */
@ConsumerType
@FunctionalInterface
public interface MailObserver {
  /** Something happened. A throw is logged and ignored. */
  void observed(MailEvent event);
}
