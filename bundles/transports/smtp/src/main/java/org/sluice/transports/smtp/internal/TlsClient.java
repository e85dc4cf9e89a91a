package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.base.Ascii;

/** Our end of TLS, for messages that demand it. Thread-safe. */
@Component(service = TlsClient.class, configurationPid = TlsClient.PID)
@Designate(ocd = TlsClientConfig.class)
public final class TlsClient {
  static final String PID = "org.sluice.transports.smtp";

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final Path home;
  private volatile Authorities authorities;
  private volatile boolean trustMx;

  /** For the framework. */
  @Activate
  public TlsClient(TlsClientConfig config, BundleContext context) {
    this(
        Path.of(Optional.ofNullable(context.getProperty("sluice.home")).orElse("")),
        config.authorities(),
        config.trustMx());
  }

  TlsClient(Path home, String authorities, boolean trustMx) {
    this.home = home;
    set(authorities, trustMx);
  }

  /** Another configuration: for the connections from now on. */
  @Modified
  void modified(TlsClientConfig config) {
    set(config.authorities(), config.trustMx());
  }

  private void set(String file, boolean mx) {
    authorities = new Authorities(Optional.of(file).filter(f -> !f.isBlank()).map(home::resolve));
    trustMx = mx;
  }

  /**
   * Whether a server's name can be relied on (RFC 8689 section 4.2.1): it is an operator's word, or
   * the domain's own name, or MX records are believed.
   */
  boolean relies(Route route, String name) {
    return route.artificial() || trustMx || Ascii.equal(name, HostLookup.name(route.host()));
  }

  /**
   * Wraps a connection; the handshake is yet to be done, and fails if the server is not proven to
   * have that name.
   *
   * @param name of a host, or an address as a number
   * @throws IOException if the authorities cannot be read
   */
  SSLSocket proven(Socket socket, String name) throws IOException {
    SSLSocket secured = wrap(authorities.context(), socket, name);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    return secured;
  }

  /** Likewise, but with whoever it may be. */
  SSLSocket unproven(Socket socket, String name) throws IOException {
    return wrap(Authorities.anybody(), socket, name);
  }

  private static SSLSocket wrap(SSLContext context, Socket socket, String name) throws IOException {
    var factory = context.getSocketFactory();
    var secured = (SSLSocket) factory.createSocket(socket, name, socket.getPort(), true);
    secured.setEnabledProtocols(PROTOCOLS);
    if (AddressLiteral.parse(name).isEmpty()) {
      SSLParameters parameters = secured.getSSLParameters();
      try {
        parameters.setServerNames(List.of(new SNIHostName(name)));
        secured.setSSLParameters(parameters);
      } catch (IllegalArgumentException e) {
        return secured; // no name for SNI, an underscore perhaps: the server has to do without
      }
    }
    return secured;
  }
}
