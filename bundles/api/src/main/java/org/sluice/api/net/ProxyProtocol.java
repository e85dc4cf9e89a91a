package org.sluice.api.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads what a proxy says about its client before the protocol begins: the header of the PROXY
 * protocol (HAProxy's specification of it; spec 20 section 15.13). A service, of which the listener
 * uses one at a time; one that leaves is waited for while it reads. Thread-safe.
 */
@ConsumerType
@FunctionalInterface
public interface ProxyProtocol {
  /**
   * Reads a header and not an octet more. Called once for each connection of a peer that the
   * listener trusts ({@code proxies}), on the session's thread, before TLS, rules and anything
   * else; several calls may be under way. Anything it throws closes the connection without a word.
   *
   * @param in octets from the proxy, not buffered. Five seconds after the call at the latest the
   *     connection is closed, whatever has come, and a read throws
   * @return whose connection it is; empty if the proxy speaks for itself, which then is the client
   * @throws java.net.ProtocolException if it is no header, or the connection ends within it; the
   *     listener logs its message
   * @throws IOException if the connection fails
   */
  Optional<ProxiedClient> read(InputStream in) throws IOException;
}
