package org.sluice.tls.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads keys with their certificate chains. */
final class KeyFiles {
  private KeyFiles() {}

  /** One entry of the configuration. */
  record Entry(List<Path> files) {
    boolean keyStore() {
      String name = files.get(0).getFileName().toString();
      return files.size() == 1 && (name.endsWith(".p12") || name.endsWith(".pfx"));
    }
  }

  /**
   * The keys of all entries, in order.
   *
   * @param password of the key stores among them
   * @throws IOException naming the file that cannot be used
   */
  static List<ServerKey> read(List<Entry> entries, Optional<char[]> password) throws IOException {
    List<ServerKey> keys = new ArrayList<>();
    for (Entry entry : entries) {
      try {
        if (entry.keyStore()) {
          keys.addAll(stored(entry.files().get(0), password.orElse(new char[0])));
        } else {
          keys.add(pem(entry.files()));
        }
      } catch (GeneralSecurityException | IOException e) {
        throw new IOException(entry.files() + ": " + e.getMessage(), e);
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("no files are configured");
    }
    return keys;
  }

  private static List<ServerKey> stored(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, password);
    } catch (java.io.EOFException e) {
      throw new IOException("no key store", e);
    }
    List<ServerKey> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Certificate[] chain = store.getCertificateChain(alias);
      if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
        keys.add(ServerKey.of(key, x509(List.of(chain))));
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("there is no private key with a certificate");
    }
    return keys;
  }

  private static ServerKey pem(List<Path> files) throws IOException, GeneralSecurityException {
    List<Pem> blocks = new ArrayList<>();
    for (Path file : files) {
      blocks.addAll(Pem.read(file));
    }
    PrivateKey key =
        PrivateKeys.find(blocks).orElseThrow(() -> new IOException("there is no private key"));
    List<Certificate> chain = certificates(blocks);
    if (chain.isEmpty()) {
      throw new IOException("there is no certificate");
    }
    return ServerKey.of(key, x509(chain));
  }

  private static List<X509Certificate> x509(List<Certificate> chain) {
    return chain.stream().map(X509Certificate.class::cast).toList();
  }

  /** The certificates among the blocks, in order. */
  static List<Certificate> certificates(List<Pem> blocks) throws GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    for (Pem block : blocks) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(factory.generateCertificate(new ByteArrayInputStream(block.der())));
      }
    }
    return certificates;
  }
}
