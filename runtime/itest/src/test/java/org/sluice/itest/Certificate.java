package org.sluice.itest;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.sluice.testkit.Installed;

/** A self-signed certificate of localhost, and clients that do not mind who signed it. */
final class Certificate {
  private Certificate() {}

  /** Key and certificate as one PEM text; the certificate alone is certificate.pem there. */
  static String make(Path directory) throws IOException, InterruptedException {
    return make(directory, "localhost");
  }

  /** Likewise of localhost, although it has another name. */
  static String make(Path directory, String commonName) throws IOException, InterruptedException {
    Installed.program("openssl");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    Client.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=" + commonName,
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    return Files.readString(key) + Files.readString(certificate);
  }

  /** For clients that take any certificate, and may have keys of their own. */
  static SSLContext trustingAll(KeyManager... keys) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anyone()}, null);
    return context;
  }

  private static final class Anyone extends X509ExtendedTrustManager {
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
