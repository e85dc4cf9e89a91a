package org.sluice.api.auth;

/** What a client offers. Strings are bytes (ISO-8859-1); none of them goes into a log. */
public sealed interface Credentials {
  /** The login name. */
  String name();

  /** The password, or the answer to the challenge. */
  String secret();

  /** A password in the clear: POP3 PASS, SASL PLAIN and LOGIN. */
  record Password(String name, String secret) implements Credentials {
    @Override
    public String toString() {
      return "password of " + name;
    }
  }

  /**
   * An answer to a challenge, which only a stored clear-text secret can check.
   *
   * @param mechanism {@code APOP} (RFC 1939 section 7) or {@code CRAM-MD5} (RFC 2195)
   * @param challenge what the server said, angle brackets included
   * @param secret the digest in hexadecimal, lower case
   */
  record Response(String name, String mechanism, String challenge, String secret)
      implements Credentials {
    @Override
    public String toString() {
      return mechanism + " response of " + name;
    }
  }
}
