package org.sluice.tls.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** Private keys in the formats that openssl writes: PKCS#8, PKCS#1 (RSA), SEC 1 (EC). */
final class PrivateKeys {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION_0 = {2, 1, 0};

  /** AlgorithmIdentifier of RSA: rsaEncryption, NULL. */
  private static final byte[] RSA = {
    0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** The object identifier id-ecPublicKey. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PrivateKeys() {}

  /** The first key among the blocks of a file; empty if there is none. */
  static Optional<PrivateKey> find(List<Pem> blocks) throws GeneralSecurityException {
    for (Pem block : blocks) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return Optional.of(key(block.der()));
        }
        case "RSA PRIVATE KEY" -> {
          return Optional.of(key(wrap(RSA, block.der())));
        }
        case "EC PRIVATE KEY" -> {
          byte[] algorithm = join(EC, curve(block.der(), blocks));
          return Optional.of(key(wrap(tagged(SEQUENCE, algorithm), block.der())));
        }
        default -> {
          continue; // a certificate, or curve parameters
        }
      }
    }
    return Optional.empty();
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : List.of("EC", "RSA", "EdDSA", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        continue; // of another algorithm
      }
    }
    throw new InvalidKeyException("the private key is damaged, or neither RSA, EC nor EdDSA");
  }

  /** The curve, which is in the key (RFC 5915) or, of old, in a block of its own. */
  private static byte[] curve(byte[] sec1, List<Pem> blocks) throws InvalidKeyException {
    try {
      var outer = ByteBuffer.wrap(sec1);
      enter(outer);
      while (outer.hasRemaining()) {
        int tag = outer.get() & 0xff;
        byte[] content = new byte[length(outer)];
        outer.get(content);
        if (tag == PARAMETERS) {
          return content;
        }
      }
    } catch (java.nio.BufferUnderflowException | NegativeArraySizeException e) {
      throw new InvalidKeyException("the EC private key is damaged", e);
    }
    return blocks.stream()
        .filter(b -> b.label().equals("EC PARAMETERS"))
        .findFirst()
        .orElseThrow(() -> new InvalidKeyException("the EC private key does not name its curve"))
        .der();
  }

  private static void enter(ByteBuffer der) {
    der.get();
    length(der);
  }

  private static int length(ByteBuffer der) {
    int first = der.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int value = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      value = value << 8 | der.get() & 0xff;
    }
    if (value > der.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    return value;
  }

  /** PrivateKeyInfo (RFC 5208 section 5). */
  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return tagged(SEQUENCE, join(VERSION_0, algorithm, tagged(OCTET_STRING, key)));
  }

  private static byte[] tagged(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int octets = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(content.length >> 8 * i);
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
