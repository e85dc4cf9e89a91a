package org.sluice.chain.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What the operator decides about all filters. Lists may also be one string with commas. */
@ObjectClassDefinition(name = "Sluice filters")
public @interface FiltersConfig {
  @AttributeDefinition(
      description = "Names of filters without which no mail is taken: clients get 451 meanwhile")
  String[] required() default {};

  @AttributeDefinition(
      description = "Names of filters in the order of asking; the others follow by service.ranking")
  String[] order() default {};

  @AttributeDefinition(
      description = "Seconds that transactions may take to end when a filter goes away")
  int drainSeconds() default 30;
}
