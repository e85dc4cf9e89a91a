package org.sluice.listeners.qmtp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits that qmail leaves to the memory it is given. */
@ObjectClassDefinition(name = "Sluice QMTP listener")
public @interface QmtpConfig {
  @AttributeDefinition(
      description = "Recipients of a message; the client is told to send to the others later")
  int maxRecipients() default 10_000;
}
