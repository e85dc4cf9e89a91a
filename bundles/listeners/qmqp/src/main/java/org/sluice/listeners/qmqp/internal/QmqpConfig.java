package org.sluice.listeners.qmqp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits that qmail leaves to the memory it is given. */
@ObjectClassDefinition(name = "Sluice QMQP listener")
public @interface QmqpConfig {
  @AttributeDefinition(description = "Recipients of a message; one with more is refused for now")
  int maxRecipients() default 100_000;
}
