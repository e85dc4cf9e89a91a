package org.sluice.filters.greylist.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How long strangers wait, who does not, and what is remembered. Defaults as of postgrey. */
@ObjectClassDefinition(name = "Sluice greylisting")
public @interface GreylistConfig {
  @AttributeDefinition(description = "Seconds from the first attempt to the first accepted one")
  int delay() default 300;

  @AttributeDefinition(
      description = "Hours within which a client has to come again; later it begins anew")
  int retryWindow() default 48;

  @AttributeDefinition(description = "Days without mail after which what has passed is forgotten")
  int lifetime() default 35;

  @AttributeDefinition(
      description =
          "Successes, an hour apart at least, after which a client's network passes always; 0: never")
  int autoPass() default 5;

  @AttributeDefinition(description = "Bits of an IPv4 address that count as the client, 0 to 32")
  int ipv4Prefix() default 24;

  @AttributeDefinition(description = "Bits of an IPv6 address that count as the client, 0 to 128")
  int ipv6Prefix() default 64;

  @AttributeDefinition(
      description =
          "Addresses (or networks such as 10.0.0.0/8), separated by commas or blanks, of clients"
              + " that never wait")
  String exemptClients() default "";

  @AttributeDefinition(
      description =
          "Addresses, and domains such as @example.org, separated by commas or blanks, of"
              + " recipients that nobody waits for")
  String exemptRecipients() default "";

  @AttributeDefinition(
      description = "Entries remembered at most, a third of them of each kind; 300 to 10000000")
  int maxEntries() default 150_000;
}
