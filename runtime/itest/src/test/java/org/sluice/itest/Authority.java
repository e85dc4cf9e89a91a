package org.sluice.itest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.X509ExtendedKeyManager;
import org.sluice.testkit.Installed;

/** Signs certificates of clients. */
record Authority(Path directory, String name) {
  private static final String NEW_KEY =
      "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";

  static Authority make(Path directory, String name) throws IOException, InterruptedException {
    var authority = new Authority(directory, name);
    authority.openssl(NEW_KEY + "-x509 -subj /CN=%1$s -keyout %1$s.key -out %1$s.pem");
    return authority;
  }

  Path certificate() {
    return directory.resolve(name + ".pem");
  }

  /**
   * A PEM file with certificate and key.
   *
   * @param days that it is good for; -1 if it is so no more
   */
  Path issue(String commonName, int days) throws IOException, InterruptedException {
    openssl(
        NEW_KEY + "-subj '/O=Clients/CN=" + commonName + "' -keyout new.key -out new.request",
        "openssl x509 -req -in new.request -CA %1$s.pem -CAkey %1$s.key -CAcreateserial -days "
            + days
            + " -out new.pem",
        "cat new.pem new.key >" + name + "-" + commonName + ".pem");
    return directory.resolve(name + "-" + commonName + ".pem");
  }

  private void openssl(String... commands) throws IOException, InterruptedException {
    Installed.program("openssl");
    String script = "cd '" + directory + "'\n" + String.join("\n", commands).formatted(name);
    Client.run("sh", "-ec", script);
  }

  /**
   * Shows a certificate to any server that asks, also to one that does not know who signed it.
   *
   * @param certificate a file of {@link #issue}
   * @param key likewise: what the client signs with, be it the certificate's or not
   */
  static X509ExtendedKeyManager shown(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var in = new ByteArrayInputStream(Files.readAllBytes(certificate));
    var shown = (X509Certificate) factory.generateCertificate(in);
    return new Shown(shown, key(Files.readString(key, StandardCharsets.US_ASCII)));
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    String base64 = pem.replaceFirst("(?s).*-----BEGIN PRIVATE KEY-----", "").split("-----")[0];
    byte[] der = Base64.getMimeDecoder().decode(base64);
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static final class Shown extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final X509Certificate certificate;
    private final PrivateKey key;

    Shown(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }
}
