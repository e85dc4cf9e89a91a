package org.sluice.tls.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.Background;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestKeys;

@Timeout(120)
class TlsServiceTest {
  @TempDir static Path made;
  @TempDir Path home;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  static void keys() throws Exception {
    TestKeys.pkcs12(made.resolve("one.p12"), "EC", "one.example", "uno.example");
    TestKeys.pkcs12(made.resolve("rsa.p12"), "RSA", "rsa.example");
    TestKeys.pkcs12(made.resolve("two.p12"), "EC", "two.example", "*.wild.example");
    Files.writeString(made.resolve("password"), TestKeys.PASSWORD + "\n");
  }

  private TlsService service(String certificates) {
    return service(config(certificates, "TLSv1.2,TLSv1.3"));
  }

  private TlsService service(TlsConfig config) {
    return new TlsService(config, home, nanos::get);
  }

  private static TlsConfig config(String certificates, String protocols) {
    return new TlsConfig() {
      @Override
      public Class<? extends Annotation> annotationType() {
        return TlsConfig.class;
      }

      @Override
      public String certificates() {
        return certificates;
      }

      @Override
      public String passwordFile() {
        return made.resolve("password").toString();
      }

      @Override
      public String clientAuthorities() {
        return "";
      }

      @Override
      public String protocols() {
        return protocols;
      }

      @Override
      public int sessions() {
        return 10;
      }
    };
  }

  /** The common name of the certificate that a client is shown. */
  private static String shown(TlsService service, String host) throws Exception {
    SSLSession session = handshake(service, host, "TLSv1.3");
    var certificate = (X509Certificate) session.getPeerCertificates()[0];
    return certificate.getSubjectX500Principal().getName().replace("CN=", "");
  }

  private static SSLSession handshake(TlsService service, String host, String protocol)
      throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var server =
          Background.run(
              () -> {
                try (var secured = service.wrap(listening.accept())) {
                  secured.startHandshake();
                  secured.getInputStream().read();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anyone()}, null);
      var factory = context.getSocketFactory();
      try (var client =
          (SSLSocket) factory.createSocket(listening.getInetAddress(), listening.getLocalPort())) {
        client.setSoTimeout(30_000);
        var parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setProtocols(new String[] {protocol});
        client.setSSLParameters(parameters);
        client.startHandshake();
        client.getOutputStream().write('x');
        server.get(30, TimeUnit.SECONDS);
        return client.getSession();
      }
    }
  }

  /** Believes everything: what the server shows is what is tested. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      assertTrue(chain.length > 0);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void theNameThatTheClientAsksForDecides() throws Exception {
    var service = service(made.resolve("one.p12") + ", " + made.resolve("two.p12"));
    assertEquals("one.example", shown(service, "uno.example"));
    assertEquals("two.example", shown(service, "two.example"));
    assertEquals("two.example", shown(service, "x.wild.example"));
    assertEquals("one.example", shown(service, "other.example"));
    service = service(made.resolve("two.p12") + " " + made.resolve("one.p12"));
    assertEquals("two.example", shown(service, "other.example"));
    assertEquals("one.example", shown(service, "one.example"));
    service = service(made.resolve("rsa.p12") + " " + made.resolve("one.p12"));
    assertEquals("rsa.example", shown(service, "RSA.example"));
    assertEquals("one.example", shown(service, "one.example"));
    assertEquals("rsa.example", shown(service, "other.example"));
  }

  @Test
  void oldProtocolsAreNotSpoken() throws Exception {
    String file = made.resolve("one.p12").toString();
    assertEquals("TLSv1.2", handshake(service(file), "x", "TLSv1.2").getProtocol());
    var strict = service(config(file, "TLSv1.3"));
    assertEquals("TLSv1.3", handshake(strict, "x", "TLSv1.3").getProtocol());
    var refused =
        assertThrows(SSLHandshakeException.class, () -> handshake(strict, "x", "TLSv1.2"));
    assertTrue(refused.getMessage().contains("alert: protocol_version"), refused.toString());
    assertThrows(IllegalArgumentException.class, () -> service(config(file, "TLSv1.1")));
    assertThrows(IllegalArgumentException.class, () -> service(config(file, " ")));
  }

  /** By a client that would speak them; the JDK's will not. */
  @ParameterizedTest
  @CsvSource({
    "'TLSv1.2,TLSv1.3', -tls1, no",
    "'TLSv1.2,TLSv1.3', -tls1_1, no",
    "'TLSv1.2,TLSv1.3', -tls1_2, TLSv1.2",
    "TLSv1.3, -tls1_2, no"
  })
  void opensslIsToldOfProtocolsThatAreNotSpoken(String protocols, String version, String spoken)
      throws Exception {
    Installed.program("openssl");
    var service = service(config(made.resolve("one.p12").toString(), protocols));
    String said = sClient(service, version);
    boolean refused = spoken.equals("no");
    assertEquals(refused, said.contains("alert protocol version"), said);
    assertEquals(!refused, said.contains("New, " + spoken + ", Cipher is "), said);
  }

  private String sClient(TlsService service, String version) throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var server =
          Background.run(
              () -> {
                try (var secured = service.wrap(listening.accept())) {
                  secured.startHandshake();
                  secured.getInputStream().read();
                } catch (IOException e) {
                  return; // the client has been told
                }
              });
      String command =
          "openssl s_client %s -cipher DEFAULT:@SECLEVEL=0 -connect 127.0.0.1:%d </dev/null >%s 2>&1; :"
              .formatted(version, listening.getLocalPort(), home.resolve("said"));
      TestKeys.run(List.of("sh", "-c", command));
      server.get(30, TimeUnit.SECONDS);
      return read("said");
    }
  }

  @Test
  void withoutFilesThereIsNoTlsUntilTheyAppear() throws Exception {
    var service = service("key.p12");
    assertFalse(service.ready());
    assertEquals(
        "no usable TLS keys",
        assertThrows(IOException.class, () -> service.wrap(null)).getMessage());
    put("one.p12", 1);
    assertFalse(service.ready(), "looked at once a second at most");
    nanos.addAndGet(1_000_000_000L);
    assertTrue(service.ready());
  }

  @Test
  void newFilesAreReadAndBadOnesAreNot() throws Exception {
    put("one.p12", 1);
    var service = service("key.p12");
    assertEquals("one.example", shown(service, "x"));
    put("two.p12", 2);
    nanos.addAndGet(2_000_000_000L);
    assertEquals("two.example", shown(service, "x"));
    Files.writeString(home.resolve("key.p12"), "no key store");
    nanos.addAndGet(2_000_000_000L);
    assertEquals("two.example", shown(service, "x"));
    Files.delete(home.resolve("key.p12"));
    nanos.addAndGet(2_000_000_000L);
    assertEquals("two.example", shown(service, "x"));
    put("one.p12", 3);
    nanos.addAndGet(2_000_000_000L);
    assertEquals("one.example", shown(service, "x"));
  }

  private void put(String store, long second) throws IOException {
    Path file = home.resolve("key.p12");
    Files.copy(made.resolve(store), file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key",
        "openssl genrsa -traditional -out key 2048",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key",
        "openssl ecparam -genkey -name prime256v1 -out key",
        "openssl ecparam -genkey -noout -name secp384r1 -out key",
        "openssl genpkey -algorithm ED25519 -out key"
      })
  void theFormatsOfOpenssl(String command) throws Exception {
    Installed.program("openssl");
    openssl(command);
    openssl("openssl req -x509 -new -key key -subj /CN=p.example -days 3650 -out cert");
    assertEquals("p.example", shown(service("cert:key"), "x"));
    // qmail's servercert.pem: both in one file, the key first.
    Files.createDirectories(home.resolve("control"));
    Files.writeString(
        home.resolve("control/servercert.pem"),
        "a comment\n" + Files.readString(home.resolve("key")) + read("cert"));
    assertEquals("p.example", shown(service("control/servercert.pem"), "x"));
  }

  private void openssl(String command) throws Exception {
    TestKeys.run(
        List.of(
            command
                .replace("-out key", "-out " + home.resolve("key"))
                .replace("-out cert", "-out " + home.resolve("cert"))
                .replace("-key key", "-key " + home.resolve("key"))
                .split(" ")));
  }

  private String read(String name) throws IOException {
    return Files.readString(home.resolve(name));
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    Files.writeString(home.resolve("empty.pem"), "");
    Files.writeString(
        home.resolve("encrypted.pem"),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    Files.writeString(
        home.resolve("damaged.pem"),
        "-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----\n");
    Files.writeString(
        home.resolve("none.pem"), "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
    assertEquals(
        "[" + home.resolve("empty.pem") + "]: there is no private key", trouble("empty.pem"));
    assertTrue(
        trouble("encrypted.pem")
            .endsWith("encrypted.pem]: the key is encrypted; take its password away"));
    assertTrue(trouble("damaged.pem").endsWith("the EC private key is damaged"));
    assertTrue(trouble("none.pem").contains("the private key is damaged"));
  }

  private String trouble(String file) {
    var entry = new KeyFiles.Entry(List.of(home.resolve(file)));
    return assertThrows(
            IOException.class, () -> KeyFiles.read(List.of(entry), java.util.Optional.empty()))
        .getMessage();
  }

  @Test
  void aKeyMustBelongToItsCertificate() throws Exception {
    Installed.program("openssl");
    openssl("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key");
    openssl("openssl req -x509 -new -key key -subj /CN=p.example -days 3650 -out cert");
    openssl("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key");
    Files.writeString(home.resolve("both"), read("key") + read("cert"));
    assertTrue(trouble("both").endsWith(": the private key is not the first certificate's"));
    openssl("openssl genrsa -out key 2048");
    Files.writeString(home.resolve("both"), read("key") + read("cert"));
    assertTrue(trouble("both").endsWith(": the private key is not the first certificate's"));
  }
}
