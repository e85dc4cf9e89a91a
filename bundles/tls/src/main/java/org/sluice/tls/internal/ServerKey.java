package org.sluice.tls.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * A private key and its certificate.
 *
 * @param chain the key's own certificate first
 * @param names the host names in it, lower case; some with {@code *} as first label
 */
record ServerKey(PrivateKey key, List<X509Certificate> chain, Set<String> names) {
  private static final int DNS_NAME = 2;

  /**
   * Checks that they belong together.
   *
   * @throws IOException if not
   */
  static ServerKey of(PrivateKey key, List<X509Certificate> chain)
      throws IOException, GeneralSecurityException {
    if (!belongs(key, chain.get(0))) {
      throw new IOException("the private key is not the first certificate's");
    }
    return new ServerKey(key, List.copyOf(chain), Set.copyOf(names(chain.get(0))));
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(probe);
    return signature.verify(signed);
  }

  /** The alternative names; without any of these, the common name. */
  private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
    Set<String> names = new TreeSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (alternative.get(0).equals(DNS_NAME)) {
          names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
        }
      }
    }
    if (names.isEmpty()) {
      try {
        for (var part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
          if (part.getType().equalsIgnoreCase("CN")) {
            names.add(part.getValue().toString().toLowerCase(Locale.ROOT));
          }
        }
      } catch (InvalidNameException e) {
        throw new CertificateParsingException(e);
      }
    }
    return names;
  }

  /** Whether the certificate is for a host (RFC 9525 section 6.3). */
  boolean serves(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return names.contains(lower) || dot > 0 && names.contains("*" + lower.substring(dot));
  }

  /** The private key is nobody's business. */
  @Override
  public String toString() {
    return key.getAlgorithm() + " key of " + names;
  }
}
