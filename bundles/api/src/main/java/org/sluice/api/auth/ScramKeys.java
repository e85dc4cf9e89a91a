package org.sluice.api.auth;

/**
 * What a server keeps for SCRAM (RFC 5802 section 3).
 *
 * @param hash {@code SHA-1} or {@code SHA-256}
 * @param salt the salt
 * @param iterations at least 4096
 * @param storedKey H(ClientKey)
 * @param serverKey HMAC(SaltedPassword, "Server Key")
 */
public record ScramKeys(
    String hash, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
  @Override
  public String toString() {
    return "SCRAM-" + hash + " keys"; // never the keys themselves
  }
}
