package org.sluice.filters.spf.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What becomes of the result of SPF. */
@ObjectClassDefinition(name = "Sluice SPF filter")
public @interface SpfConfig {
  @AttributeDefinition(
      description =
          "The client may not send mail of the domain: report, or reject (550 5.7.23 at MAIL)")
  String fail() default "report";

  @AttributeDefinition(
      description = "The DNS cannot tell now: report, or defer (451 4.4.3 at MAIL)")
  String tempError() default "report";

  @AttributeDefinition(
      description =
          "Addresses (or networks such as 10.0.0.0/8), separated by commas or blanks, of clients"
              + " that are not asked about: those that pass on the mail of others")
  String exempt() default "";

  @AttributeDefinition(description = "Seconds for all look-ups of one check, 1 to 50")
  int seconds() default 20;
}
