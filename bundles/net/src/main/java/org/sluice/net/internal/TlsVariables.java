package org.sluice.net.internal;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What TLS adds to the environment, under the names of ucspi-ssl and Apache's mod_ssl. */
final class TlsVariables {
  private TlsVariables() {}

  static Map<String, String> of(SSLSession session) {
    var map = new LinkedHashMap<String, String>();
    map.put("SSL_PROTOCOL", session.getProtocol());
    map.put("SSL_CIPHER", session.getCipherSuite());
    if (session instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          map.put("SSL_TLS_SNI", host.getAsciiName());
        }
      }
    }
    try {
      byte[] name = session.getPeerPrincipal().getName().getBytes(StandardCharsets.UTF_8);
      map.put("SSL_CLIENT_S_DN", new String(name, StandardCharsets.ISO_8859_1));
    } catch (SSLPeerUnverifiedException e) {
      map.remove("SSL_CLIENT_S_DN"); // no client certificate, as nearly always
    }
    return map;
  }
}
