package org.sluice.auth.checkpassword.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One external checker. */
@ObjectClassDefinition(name = "Sluice checkpassword program")
public @interface CheckerConfig {
  @AttributeDefinition(description = "The checker and its own arguments, one word an element")
  String[] command();

  @AttributeDefinition(
      description = "What it can check: PLAIN and LOGIN; APOP and CRAM-MD5 if it knows secrets")
  String[] mechanisms() default {"PLAIN", "LOGIN"};

  @AttributeDefinition(description = "NAME=value, its environment")
  String[] environment() default {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  };

  @AttributeDefinition(description = "Seconds that it may take")
  int timeoutSeconds() default 30;
}
