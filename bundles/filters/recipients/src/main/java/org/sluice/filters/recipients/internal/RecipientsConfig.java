package org.sluice.filters.recipients.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Whose recipients are checked. */
@ObjectClassDefinition(name = "Sluice recipient check")
public @interface RecipientsConfig {
  @AttributeDefinition(
      description =
          "Refuse also to clients that may relay (RELAYCLIENT, logins); else their mail to mailboxes"
              + " that do not exist bounces")
  boolean relayClients() default true;
}
