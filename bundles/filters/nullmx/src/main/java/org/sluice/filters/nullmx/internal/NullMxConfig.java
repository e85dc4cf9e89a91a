package org.sluice.filters.nullmx.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What is refused. */
@ObjectClassDefinition(name = "Sluice filter null MX")
public @interface NullMxConfig {
  @AttributeDefinition(description = "Refuse senders whose domain takes no mail, so no answer")
  boolean senders() default true;

  @AttributeDefinition(description = "Refuse recipients whose domain takes no mail")
  boolean recipients() default true;
}
