package org.sluice.sasl.internal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.sluice.sasl.Scram;

/** What a client computes, here from the keys as the server keeps them plus the client's own. */
final class ClientProof {
  private ClientProof() {}

  /**
   * The proof in base64 (RFC 5802 section 3).
   *
   * @param serverFirst where salt and iterations are
   * @param authMessage what is signed
   */
  static String of(String hash, String password, String serverFirst, String authMessage)
      throws Exception {
    String[] parts = serverFirst.split(",");
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));
    var spec =
        new javax.crypto.spec.PBEKeySpec(
            password.toCharArray(), salt, iterations, hash.equals("SHA-1") ? 160 : 256);
    byte[] salted =
        javax.crypto.SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.replace("-", ""))
            .generateSecret(spec)
            .getEncoded();
    byte[] clientKey = Scram.hmac(hash, salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
    byte[] signature =
        Scram.hmac(
            hash, Scram.digest(hash, clientKey), authMessage.getBytes(StandardCharsets.ISO_8859_1));
    Scram.xor(clientKey, signature);
    return Base64.getEncoder().encodeToString(clientKey);
  }
}
