package org.sluice.listeners.pop3.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What qmail takes on the command lines of qmail-popup and qmail-pop3d, and what is not in qmail.
 */
@ObjectClassDefinition(name = "Sluice POP3 listener")
public @interface Pop3Config {
  @AttributeDefinition(description = "Name of this server in greetings; empty for control/me")
  String hostname() default "";

  @AttributeDefinition(description = "The Maildir in the home directory of the account")
  String maildir() default "Maildir";

  @AttributeDefinition(
      description =
          "Extensions that are installed take part, as CAPA, STLS, AUTH; false speaks as qmail does")
  boolean extensions() default false;

  @AttributeDefinition(
      description = "Nobody logs in before TLS; a listener's UCSPITLS=! says so for it alone")
  boolean requireTls() default false;

  @AttributeDefinition(
      description =
          "With extensions, where a password may be sent without TLS: loopback, always or never")
  String plaintext() default "loopback";

  @AttributeDefinition(
      description =
          "With extensions, where CRAM-MD5 and SCRAM may be used without TLS: loopback, always or"
              + " never; empty for where plaintext says")
  String challenges() default "";

  @AttributeDefinition(description = "With extensions, logins that may fail in a session")
  int attempts() default 3;

  @AttributeDefinition(description = "Seconds until a client is told that its login failed")
  int failureDelaySeconds() default 2;

  @AttributeDefinition(description = "Seconds a client may be silent")
  int timeoutSeconds() default 1200;

  @AttributeDefinition(
      description = "Serve accounts with uid 0, which qmail refuses; for containers")
  boolean allowRoot() default false;
}
