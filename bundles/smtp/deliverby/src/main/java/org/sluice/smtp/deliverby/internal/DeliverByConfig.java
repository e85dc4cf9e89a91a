package org.sluice.smtp.deliverby.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What deadlines are taken. */
@ObjectClassDefinition(name = "Sluice SMTP DELIVERBY")
public @interface DeliverByConfig {
  @AttributeDefinition(
      description =
          "Seconds that a client has to leave at least if the message is to come back after them"
              + " (BY=seconds;R); told with DELIVERBY. 0: any.")
  int minimum() default 0;
}
