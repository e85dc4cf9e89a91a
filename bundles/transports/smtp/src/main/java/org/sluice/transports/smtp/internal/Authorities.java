package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.sluice.base.FileVersion;

/** Those whose word on a server's name counts. Thread-safe. */
final class Authorities {
  private final Optional<Path> file;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<FileVersion> version = Optional.empty();
  private SSLContext context;

  /**
   * None is read yet.
   *
   * @param file with certificates in PEM; empty for the JVM's authorities
   */
  Authorities(Optional<Path> file) {
    this.file = file;
  }

  /**
   * For connections of clients; the file is read again when it is another than before.
   *
   * @throws IOException if it cannot be read, or holds no certificate
   */
  SSLContext context() throws IOException {
    lock.lock();
    try {
      Optional<FileVersion> now =
          file.isPresent() ? Optional.of(FileVersion.of(file.get())) : Optional.empty();
      if (context == null || !now.equals(version)) {
        context = load();
        version = now;
      }
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private SSLContext load() throws IOException, GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(file.isPresent() ? store(file.get()) : null);
    return context(trust.getTrustManagers());
  }

  private static KeyStore store(Path pem) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(pem)) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority" + store.size(), one);
      }
    }
    if (store.size() == 0) {
      throw new IOException(pem + " holds no certificate");
    }
    return store;
  }

  private static SSLContext context(TrustManager... trust) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    return context;
  }

  /** Every certificate is good: the connection is secret, but with whom is not known. */
  static SSLContext anybody() throws IOException {
    try {
      return context(new Anybody());
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS: " + e.getMessage(), e);
    }
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
