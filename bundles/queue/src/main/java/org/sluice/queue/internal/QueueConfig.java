package org.sluice.queue.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the queue that are not control files. */
@ObjectClassDefinition(name = "Sluice queue")
public @interface QueueConfig {
  @AttributeDefinition(
      description =
          "Seconds that deliveries under way get to end when the server stops or the queue store is"
              + " replaced. Then they are interrupted, and what they have done may be done again.")
  int drainTime() default 600;
}
