package org.sluice.smtp.limits.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits of an SMTP session; 0 is no limit, as with qmail. */
@ObjectClassDefinition(name = "Sluice SMTP limits")
public @interface LimitsConfig {
  @AttributeDefinition(
      description =
          "What clients are told in the place of a greeting (521) by a host that takes no mail; the"
              + " variable NOMAIL overrides it. Clients with RELAYCLIENT are greeted.")
  String noMail() default "";

  @AttributeDefinition(
      description = "Recipients of a message; the variable MAXRECIPIENTS overrides it")
  int maxRecipients() default 50_000;

  @AttributeDefinition(
      description =
          "MAIL commands of a session, also those that are refused; the variable MAXMESSAGES"
              + " overrides it")
  int maxMessages() default 0;

  @AttributeDefinition(
      description = "Tell clients maxRecipients and maxMessages in the answer to EHLO (RFC 9422)")
  boolean announce() default false;

  @AttributeDefinition(description = "Commands refused for good (5xx) before the session is ended")
  int maxErrors() default 0;

  @AttributeDefinition(description = "Seconds for a command line, from its first octet to its end")
  int commandSeconds() default 300;

  @AttributeDefinition(description = "Seconds for a message, from DATA to the final dot")
  int messageSeconds() default 0;

  @AttributeDefinition(
      description =
          "Seconds before the greeting in which the client must be silent; the variable GREETDELAY"
              + " overrides it. Clients with RELAYCLIENT are not kept waiting.")
  int greetingDelay() default 0;

  @AttributeDefinition(
      description =
          "End the session of a client that speaks on after HELO, EHLO, DATA, AUTH or STARTTLS")
  boolean strictPipelining() default false;

  @AttributeDefinition(
      description =
          "A line feed without a carriage return in a message: reject-451 (as qmail), reject-521,"
              + " reject-550-at-end or normalize; the variable BARELF overrides it")
  String bareLf() default "reject-451";

  @AttributeDefinition(
      description =
          "Addresses (or networks such as 10.0.0.0/8), separated by commas or blanks, of clients"
              + " for which bareLf is normalize")
  String bareLfExempt() default "";

  @AttributeDefinition(
      description =
          "A carriage return without a line feed in a message: pass (as qmail), reject or convert"
              + " (to a space); the variable BARECR overrides it")
  String bareCr() default "pass";
}
