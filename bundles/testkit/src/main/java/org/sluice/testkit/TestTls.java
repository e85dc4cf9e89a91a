package org.sluice.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.sluice.api.net.TlsServer;

/** Both ends of TLS with one key, which the client trusts. */
public final class TestTls implements TlsServer {
  private final SSLContext context;
  private final Path certificate;

  /** With a key of its own, for {@code localhost}, in a file below the directory. */
  public TestTls(Path directory) throws IOException, InterruptedException {
    this(directory, "localhost");
  }

  /** Likewise for other hosts. */
  public TestTls(Path directory, String... hosts) throws IOException, InterruptedException {
    Path file = TestKeys.pkcs12(directory.resolve("test.p12"), "EC", hosts);
    try (var in = Files.newInputStream(file)) {
      char[] password = TestKeys.PASSWORD.toCharArray();
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      Certificate own = store.getCertificate(hosts[0]);
      trusted.setCertificateEntry("own", own);
      certificate = Files.writeString(directory.resolve("test.pem"), pem(own));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** A PEM file with the certificate. */
  public Path certificate() {
    return certificate;
  }

  @Override
  public SSLSocket wrap(Socket socket) throws IOException {
    var secured = client(socket);
    secured.setUseClientMode(false);
    return secured;
  }

  /** The client's end of a connection; the first octet does the handshake. */
  public SSLSocket client(Socket socket) throws IOException {
    return (SSLSocket)
        context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
  }
}
