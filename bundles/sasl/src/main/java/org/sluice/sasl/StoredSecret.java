package org.sluice.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Crypt;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.ScramKeys;

/**
 * What a password file holds for an account. Comparisons take as long whatever the answer; no
 * {@code toString} shows anything of the secret.
 */
public sealed interface StoredSecret {
  /** Whether a password is the right one. Strings are bytes (ISO-8859-1). */
  boolean matches(String password);

  /** Whether an answer to a challenge is the right one. */
  default boolean answers(Credentials.Response response) {
    return false;
  }

  /** The keys for SCRAM with this hash. */
  default Optional<ScramKeys> scram(String hash) {
    return Optional.empty();
  }

  /** The mechanisms that it can check, as {@link org.sluice.api.auth.Authenticator} names them. */
  Set<String> mechanisms();

  /** Checks credentials of either kind. */
  default boolean proves(Credentials credentials) {
    return credentials instanceof Credentials.Password p
        ? matches(p.secret())
        : answers((Credentials.Response) credentials);
  }

  /**
   * Reads a field: {@code {PLAIN}secret}, {@code {SCRAM-SHA-256}...} as in {@link Scram#text}, or
   * what crypt(3) makes.
   */
  static StoredSecret parse(String field) {
    if (field.startsWith(ClearText.PREFIX) && field.length() > ClearText.PREFIX.length()) {
      return new ClearText(field.substring(ClearText.PREFIX.length()));
    }
    Optional<ScramKeys> keys = Scram.parse(field);
    if (keys.isPresent()) {
      return new ScramHash(keys.get());
    }
    return CryptHash.SOUND.matcher(field).matches() ? new CryptHash(field) : new Foreign(field);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The secret itself, which APOP and CRAM-MD5 need. */
  record ClearText(String secret) implements StoredSecret {
    private static final String PREFIX = "{PLAIN}";

    @Override
    public boolean matches(String password) {
      return MessageDigest.isEqual(bytes(secret), bytes(password));
    }

    @Override
    public boolean answers(Credentials.Response response) {
      byte[] challenge = bytes(response.challenge());
      byte[] digest =
          response.mechanism().equals("APOP")
              ? Scram.digest("MD5", bytes(response.challenge() + secret))
              : Scram.hmac("MD5", bytes(secret), challenge);
      String hex = HexFormat.of().formatHex(digest);
      return MessageDigest.isEqual(bytes(hex), bytes(response.secret()));
    }

    @Override
    public Set<String> mechanisms() {
      return Set.of("PLAIN", "LOGIN", "CRAM-MD5", "APOP");
    }

    @Override
    public String toString() {
      return "clear text";
    }
  }

  /**
   * A hash of crypt(3): SHA-512, SHA-256, MD5 or the old DES. Only what has the form of one gets
   * here, since of another one {@link Crypt} throws: its salts and counts of rounds are these.
   */
  record CryptHash(String hash) implements StoredSecret {
    private static final Pattern SOUND =
        Pattern.compile(
            "\\$[56]\\$(?:rounds=[0-9]{1,9}\\$)?[./0-9A-Za-z]{1,16}\\$[./0-9A-Za-z]+"
                + "|\\$1\\$[./0-9A-Za-z]{1,8}\\$[./0-9A-Za-z]+"
                + "|[./0-9A-Za-z]{13}");

    @Override
    public boolean matches(String password) {
      return MessageDigest.isEqual(bytes(Crypt.crypt(bytes(password), hash)), bytes(hash));
    }

    @Override
    public Set<String> mechanisms() {
      return Set.of("PLAIN", "LOGIN");
    }

    @Override
    public String toString() {
      return "crypt(3) hash";
    }
  }

  /** Keys of SCRAM, which check a password as well. */
  record ScramHash(ScramKeys keys) implements StoredSecret {
    @Override
    public boolean matches(String password) {
      return !password.isEmpty() && Scram.matches(keys, bytes(password));
    }

    @Override
    public Optional<ScramKeys> scram(String hash) {
      return keys.hash().equals(hash) ? Optional.of(keys) : Optional.empty();
    }

    @Override
    public Set<String> mechanisms() {
      return Set.of("PLAIN", "LOGIN", "SCRAM-" + keys.hash());
    }

    @Override
    public String toString() {
      return "SCRAM keys";
    }
  }

  /** A locked account, a hash that only the system's own libraries know, or a malformed one. */
  record Foreign(String field) implements StoredSecret {
    private static final Pattern KNOWN = Pattern.compile("\\$[156]\\$.*|\\{(PLAIN|SCRAM-.*)}.*");
    private static final Pattern KIND = Pattern.compile("(\\$[0-9a-z]{1,8}\\$).*");

    /**
     * What an operator should know of it: whoever has it cannot log in by it.
     *
     * @return without the secret; empty if that is what the operator wants, as shadow(5) has it
     */
    public Optional<String> complaint() {
      if (field.isEmpty() || field.startsWith("!") || field.startsWith("*")) {
        return Optional.empty();
      }
      if (KNOWN.matcher(field).matches()) {
        return Optional.of("is malformed");
      }
      var kind = KIND.matcher(field);
      return Optional.of(
          "is of a kind that is not known here" + (kind.matches() ? ": " + kind.group(1) : ""));
    }

    @Override
    public boolean matches(String password) {
      return false;
    }

    @Override
    public Set<String> mechanisms() {
      return Set.of();
    }

    @Override
    public String toString() {
      return "unknown";
    }
  }
}
