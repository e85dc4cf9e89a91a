package org.sluice.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.sluice.api.auth.ScramKeys;

/** The mathematics of SCRAM (RFC 5802 section 3, RFC 7677) and the text form of its keys. */
public final class Scram {
  /** What new keys are made with: a compromise with the clients, which do the same work. */
  public static final int ITERATIONS = 10_000;

  /** The salt's length in new keys, in octets. */
  public static final int SALT = 16;

  private Scram() {}

  /**
   * Makes the keys of a password.
   *
   * @param hash {@code SHA-1} or {@code SHA-256}
   * @param password bytes, not empty: UTF-8, which for ASCII is what SASLprep leaves as it is
   */
  public static ScramKeys keys(String hash, byte[] password, byte[] salt, int iterations) {
    byte[] salted = hi(hash, password, salt, iterations);
    byte[] storedKey = digest(hash, hmac(hash, salted, ascii("Client Key")));
    return new ScramKeys(
        hash, salt, iterations, storedKey, hmac(hash, salted, ascii("Server Key")));
  }

  /** {@code Hi}: PBKDF2 with one block of output. */
  private static byte[] hi(String hash, byte[] password, byte[] salt, int iterations) {
    Mac mac = mac(hash, password);
    mac.update(salt);
    byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] sum = round.clone();
    for (int i = 1; i < iterations; i++) {
      round = mac.doFinal(round);
      xor(sum, round);
    }
    return sum;
  }

  /** Adds the second array to the first, bit by bit. */
  public static void xor(byte[] sum, byte[] other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] ^= other[i];
    }
  }

  /** {@code HMAC}. */
  public static byte[] hmac(String hash, byte[] key, byte[] data) {
    return mac(hash, key).doFinal(data);
  }

  private static Mac mac(String hash, byte[] key) {
    try {
      Mac mac = Mac.getInstance("Hmac" + hash.replace("-", ""));
      mac.init(new SecretKeySpec(key, "RAW"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC of " + hash, e);
    }
  }

  /** {@code H}. */
  public static byte[] digest(String hash, byte[] data) {
    try {
      return MessageDigest.getInstance(hash).digest(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + hash, e);
    }
  }

  /**
   * Keys as they stand in a password file: {@code {SCRAM-SHA-256}iterations$salt$stored$server}.
   */
  public static String text(ScramKeys keys) {
    var base64 = Base64.getEncoder();
    return "{SCRAM-"
        + keys.hash()
        + "}"
        + keys.iterations()
        + "$"
        + base64.encodeToString(keys.salt())
        + "$"
        + base64.encodeToString(keys.storedKey())
        + "$"
        + base64.encodeToString(keys.serverKey());
  }

  /** The keys in such a text; empty if it is none. */
  public static Optional<ScramKeys> parse(String text) {
    for (String hash : new String[] {"SHA-256", "SHA-1"}) {
      String prefix = "{SCRAM-" + hash + "}";
      String[] parts =
          text.startsWith(prefix) ? text.substring(prefix.length()).split("\\$") : null;
      if (parts != null && parts.length == 4) {
        return fields(hash, parts);
      }
    }
    return Optional.empty();
  }

  private static Optional<ScramKeys> fields(String hash, String[] parts) {
    try {
      var base64 = Base64.getDecoder();
      int iterations = Integer.parseInt(parts[0]);
      byte[] stored = base64.decode(parts[2]);
      byte[] server = base64.decode(parts[3]);
      var keys = new ScramKeys(hash, base64.decode(parts[1]), iterations, stored, server);
      return Optional.of(keys).filter(k -> sound(k, hash));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // neither number nor base64: the caller reports the line
    }
  }

  /** Whether they can be keys for that hash. */
  public static boolean sound(ScramKeys keys, String hash) {
    int length = digest(hash, new byte[0]).length;
    return keys.hash().equals(hash)
        && keys.salt() != null
        && keys.iterations() > 0
        && keys.storedKey().length == length
        && keys.serverKey().length == length;
  }

  /** Whether these are the keys of that password; takes as long whatever the answer. */
  public static boolean matches(ScramKeys keys, byte[] password) {
    byte[] stored = keys(keys.hash(), password, keys.salt(), keys.iterations()).storedKey();
    return MessageDigest.isEqual(stored, keys.storedKey());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
