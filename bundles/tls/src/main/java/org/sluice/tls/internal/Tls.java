package org.sluice.tls.internal;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** One version of the keys, ready for use. */
final class Tls {
  private static final int SESSION_SECONDS = 3600;

  private final SSLContext context;
  private final boolean askClients;
  private final String[] protocols;

  /**
   * Makes the keys ready.
   *
   * @param authorities for client certificates; empty if clients are not asked
   * @param sessions remembered at most
   */
  Tls(List<ServerKey> keys, Optional<KeyStore> authorities, String[] protocols, int sessions)
      throws IOException {
    this.protocols = protocols;
    this.askClients = authorities.isPresent();
    try {
      TrustManager[] trust = {};
      if (authorities.isPresent()) {
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(authorities.get());
        trust = trusted.getTrustManagers();
      }
      context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new KeyChoice(keys)}, trust, null);
      context.getServerSessionContext().setSessionCacheSize(sessions);
      context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS keys: " + e.getMessage(), e);
    }
  }

  SSLSocket wrap(Socket socket) throws IOException {
    String host = socket.getInetAddress().getHostAddress();
    var factory = context.getSocketFactory();
    var secured = (SSLSocket) factory.createSocket(socket, host, socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.setEnabledProtocols(protocols);
    secured.setWantClientAuth(askClients);
    return secured;
  }
}
