package org.sluice.filters.dkim.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How much is done for the signatures of a message. */
@ObjectClassDefinition(name = "Sluice DKIM filter")
public @interface DkimConfig {
  @AttributeDefinition(
      description = "Signatures that are verified, from the top, 1 to 100; more are passed over")
  int signatures() default 8;

  @AttributeDefinition(description = "Seconds for the look-ups of all keys of a message, 1 to 200")
  int seconds() default 20;
}
