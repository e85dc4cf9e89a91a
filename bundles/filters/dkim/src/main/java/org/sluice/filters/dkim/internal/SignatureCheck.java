package org.sluice.filters.dkim.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.james.jdkim.api.PublicKeyRecord;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.impl.BodyHasherImpl;
import org.apache.james.jdkim.tagvalue.SignatureRecordImpl;
import org.sluice.api.filter.AuthResult;
import org.sluice.base.Ascii;
import org.sluice.base.HeaderReader;

/** One signature: first what it says about the header, then, if that is good, about the body. */
final class SignatureCheck {
  /** Octets of the field; more is no honest signature. */
  private static final int LONGEST = 16_384;

  /** RFC 8301 section 3.2: shorter keys are no proof; longer ones cost too much. */
  private static final int SHORTEST_KEY = 1_024;

  private static final int LONGEST_KEY = 8_192;

  /** How far the clocks of others may be ahead, in seconds. */
  private static final long AHEAD = 3_600;

  private static final int SHOWN = 12;

  private final Map<String, String> properties = new LinkedHashMap<>();
  private SignatureRecord record;
  private BodyHasherImpl hasher;
  private Failure failure;

  /** Reads the field, finds the key and verifies the header. */
  SignatureCheck(String field, SignedHeader header, Keys keys, InstantSource clock)
      throws InterruptedException {
    try {
      parse(field, clock);
      verify(field, header, keys.key(record));
      hasher = new BodyHasherImpl(record);
    } catch (Failure e) {
      failure = e;
    } catch (PermFailException | RuntimeException e) {
      failure = new Failure("neutral", "the signature cannot be understood");
    }
  }

  private void parse(String field, InstantSource clock) throws Failure {
    if (field.length() > LONGEST) {
      throw new Failure("neutral", "the signature is too long");
    }
    try {
      record = new SignatureRecordImpl(HeaderReader.field(field).body().replace("\n", "\r\n"));
    } catch (IllegalStateException e) {
      boolean late = e.getMessage() != null && e.getMessage().startsWith("Signature is expired");
      throw late
          ? new Failure("fail", "expired")
          : new Failure("neutral", "the signature cannot be understood");
    }
    properties.put("header.d", record.getDToken().toString());
    properties.put("header.s", record.getSelector().toString());
    String b = record.getRawSignature().toString().replaceAll("\\s", "");
    properties.put("header.b", b.substring(0, Math.min(SHOWN, b.length())));
    Long signed = record.getSignatureTimestamp();
    if (signed != null && signed > clock.instant().getEpochSecond() + AHEAD) {
      throw new Failure("fail", "signed in the future");
    }
  }

  private void verify(String field, SignedHeader header, PublicKeyRecord keyRecord) throws Failure {
    boolean relaxed = record.getHeaderCanonicalisationMethod().equals(SignatureRecord.RELAXED);
    if (!relaxed && !record.getHeaderCanonicalisationMethod().equals(SignatureRecord.SIMPLE)) {
      throw new Failure("neutral", "unknown canonicalization");
    }
    PublicKey key;
    try {
      key = keyRecord.getPublicKey();
    } catch (RuntimeException e) {
      throw new Failure("permerror", "the key cannot be used");
    }
    try {
      String algorithm = Ascii.lower(record.getHashKeyType() + "-" + record.getHashMethod());
      boolean good =
          switch (algorithm) {
            case "rsa-sha256" -> rsa(field, header, key, relaxed);
            case "ed25519-sha256" -> ed25519(field, header, key, relaxed);
            case "rsa-sha1" -> throw new Failure("policy", "SHA-1 is no proof"); // RFC 8301
            default -> throw new Failure("neutral", "unknown algorithm");
          };
      if (!good) {
        throw new Failure("fail", "the header does not match");
      }
    } catch (GeneralSecurityException e) {
      throw new Failure("fail", "the signature does not fit the key");
    }
  }

  private boolean rsa(String field, SignedHeader header, PublicKey key, boolean relaxed)
      throws GeneralSecurityException, Failure {
    int bits = key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 0;
    if (bits < SHORTEST_KEY || bits > LONGEST_KEY) {
      throw new Failure("policy", "a key of " + bits + " bits");
    }
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(key);
    for (byte[] piece : header.pieces(record.getHeaders(), field, relaxed)) {
      signature.update(piece);
    }
    return signature.verify(record.getSignature());
  }

  /** RFC 8463: the signature is one of the hash. */
  private boolean ed25519(String field, SignedHeader header, PublicKey key, boolean relaxed)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    header.pieces(record.getHeaders(), field, relaxed).forEach(digest::update);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(digest.digest());
    return signature.verify(record.getSignature());
  }

  /** Whether the body has still to be seen. */
  boolean wantsBody() {
    return failure == null;
  }

  /** Where the body goes, its lines ended by CRLF. */
  OutputStream body() {
    return hasher.getOutputStream();
  }

  /**
   * The result, when the body has been written and closed.
   *
   * @param blank whether the body had nothing but empty lines
   */
  AuthResult result(boolean blank) throws IOException {
    if (failure == null && !bodyMatches(blank)) {
      failure = new Failure("fail", "the body does not match");
    }
    return failure == null
        ? new AuthResult("dkim", "pass", "", properties)
        : new AuthResult("dkim", failure.result(), failure.getMessage(), properties);
  }

  private boolean bodyMatches(boolean blank) throws IOException {
    byte[] hash = hasher.getDigest();
    if (blank && record.getBodyCanonicalisationMethod().equals(SignatureRecord.RELAXED)) {
      // The library adds the CRLF that only a body with something in it gets (section 3.4.4).
      try {
        hash = MessageDigest.getInstance("SHA-256").digest();
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }
    return MessageDigest.isEqual(hash, record.getBodyHash());
  }
}
