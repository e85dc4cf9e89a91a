package org.sluice.transports.smtp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which servers are believed to be the right ones, where a message demands proof. */
@ObjectClassDefinition(name = "Sluice SMTP transport")
public @interface TlsClientConfig {
  @AttributeDefinition(
      description =
          "PEM file with the certificates of the authorities that are trusted, relative to"
              + " sluice.home. Empty: those of the JVM.")
  String authorities() default "";

  @AttributeDefinition(
      description =
          "Whether MX records are believed without proof. RFC 8689 forbids it for REQUIRETLS:"
              + " whoever can forge an answer of the DNS can name a server of theirs.")
  boolean trustMx() default false;
}
