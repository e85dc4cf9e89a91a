package org.sluice.smtp.auth.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Logins in SMTP. */
@ObjectClassDefinition(name = "Sluice SMTP AUTH")
public @interface AuthConfig {
  @AttributeDefinition(
      description = "Where a password may be sent without TLS: loopback, always or never")
  String plaintext() default "never";

  @AttributeDefinition(
      description =
          "Where CRAM-MD5 and SCRAM may be used without TLS: loopback, always or never; empty for"
              + " where plaintext says")
  String challenges() default "";

  @AttributeDefinition(description = "Logins that may fail in a session")
  int attempts() default 3;

  @AttributeDefinition(description = "Seconds until a client is told that its login failed")
  int failureDelaySeconds() default 2;

  @AttributeDefinition(description = "Whether the Received line names who has logged in")
  boolean trace() default true;
}
