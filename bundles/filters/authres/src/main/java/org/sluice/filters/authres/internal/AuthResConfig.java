package org.sluice.filters.authres.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How the field is made. */
@ObjectClassDefinition(name = "Sluice Authentication-Results")
public @interface AuthResConfig {
  @AttributeDefinition(
      description =
          "The name of this service in the field (authserv-id), the same on all hosts that trust"
              + " each other's fields. Empty: control/me")
  String authservId() default "";
}
