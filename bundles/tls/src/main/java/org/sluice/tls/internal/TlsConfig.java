package org.sluice.tls.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The server's keys. */
@ObjectClassDefinition(name = "Sluice TLS")
public @interface TlsConfig {
  @AttributeDefinition(
      description =
          "Files with keys and certificate chains, separated by commas or blanks, relative to"
              + " sluice.home. Each is a PEM file with both, or CHAIN:KEY, two PEM files, or a"
              + " PKCS#12 key store (.p12, .pfx). With several, the name that the client asks for"
              + " (SNI) decides; the first is for the others.")
  String certificates() default "control/servercert.pem";

  @AttributeDefinition(
      description =
          "File whose first line is the password of the key stores, relative to sluice.home")
  String passwordFile() default "";

  @AttributeDefinition(
      description =
          "PEM file of authorities; clients are asked for a certificate of theirs, and may have"
              + " none. Empty: clients are not asked.")
  String clientAuthorities() default "";

  @AttributeDefinition(description = "Protocol versions, of TLSv1.2 and TLSv1.3")
  String protocols() default "TLSv1.2,TLSv1.3";

  @AttributeDefinition(description = "Sessions remembered for a quicker return of the client")
  int sessions() default 1000;
}
