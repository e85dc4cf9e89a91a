package org.sluice.tls.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses the key whose certificate has the name that the client asks for (RFC 6066 section 3);
 * where there is none, those with the names of the first. The JDK's own manager looks at the kind
 * of key first, and so shows a wrong name where kinds are mixed.
 */
final class KeyChoice extends X509ExtendedKeyManager {
  private final List<ServerKey> keys;

  KeyChoice(List<ServerKey> keys) {
    this.keys = List.copyOf(keys);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return socket instanceof SSLSocket secured
        ? choose(keyType, secured.getHandshakeSession())
        : null;
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return choose(keyType, engine.getHandshakeSession());
  }

  /** The number of the key; null, as the interface wants it, if none of this kind is suitable. */
  private String choose(String keyType, SSLSession session) {
    List<ServerKey> suitable =
        keys.stream().filter(k -> k.names().equals(keys.get(0).names())).toList();
    if (session instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          var named = keys.stream().filter(k -> k.serves(host.getAsciiName())).toList();
          suitable = named.isEmpty() ? suitable : named;
        }
      }
    }
    return suitable.stream()
        .filter(k -> k.key().getAlgorithm().equals(keyType))
        .map(k -> Integer.toString(keys.indexOf(k)))
        .findFirst()
        .orElse(null);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return keys.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return keys.get(Integer.parseInt(alias)).key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return keys.stream()
        .filter(k -> k.key().getAlgorithm().equals(keyType))
        .map(k -> Integer.toString(keys.indexOf(k)))
        .toArray(String[]::new);
  }

  /** Nothing: these are a server's keys. */
  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  /** Nothing: these are a server's keys. */
  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
