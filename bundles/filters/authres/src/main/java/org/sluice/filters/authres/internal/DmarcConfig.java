package org.sluice.filters.authres.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What becomes of the result of DMARC. */
@ObjectClassDefinition(name = "Sluice DMARC")
public @interface DmarcConfig {
  @AttributeDefinition(
      description =
          "A message that fails, of a domain that asks for p=reject: report, or reject (550 5.7.26)")
  String fail() default "report";

  @AttributeDefinition(description = "Seconds for all look-ups of a message, 1 to 200")
  int seconds() default 20;
}
