package org.sluice.filters.dkim.internal;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.james.jdkim.tagvalue.PublicKeyRecordImpl;

/** A key record whose key may be one of Ed25519 too (RFC 8463), which the library does not know. */
final class KeyRecord extends PublicKeyRecordImpl {
  /** What comes in front of the 32 octets of such a key in the form that Java reads. */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int LENGTH = 32;

  KeyRecord(String record) {
    super(record);
  }

  @Override
  public PublicKey getPublicKey() {
    try {
      byte[] key = Base64.getMimeDecoder().decode(getValue("p").toString());
      if (!getValue("k").toString().equalsIgnoreCase("ed25519")) {
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key));
      }
      if (key.length != LENGTH) {
        throw new IllegalStateException("an Ed25519 key of " + key.length + " octets");
      }
      byte[] encoded = java.util.Arrays.copyOf(PREFIX, PREFIX.length + LENGTH);
      System.arraycopy(key, 0, encoded, PREFIX.length, LENGTH);
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException("no key: " + e.getMessage(), e);
    }
  }
}
