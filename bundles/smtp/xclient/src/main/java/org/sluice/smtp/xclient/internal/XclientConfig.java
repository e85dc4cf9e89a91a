package org.sluice.smtp.xclient.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Who may say XCLIENT and XFORWARD. */
@ObjectClassDefinition(name = "Sluice SMTP XCLIENT")
public @interface XclientConfig {
  @AttributeDefinition(
      description =
          "Addresses (or networks such as 10.0.0.0/8), separated by commas or blanks, of clients"
              + " that may say whom they speak for. Empty: nobody.")
  String trusted() default "";
}
