package org.sluice.api.filter;

import java.util.Optional;

/**
 * The TLS that a client's connection has, by STARTTLS or from the first octet on.
 *
 * @param protocol Java's name of it, for example {@code TLSv1.3} (SSL_PROTOCOL)
 * @param cipher Java's name of the cipher suite, for example {@code TLS_AES_128_GCM_SHA256}
 *     (SSL_CIPHER); empty if the environment does not tell
 * @param serverName the host name that the client has asked for (SSL_TLS_SNI)
 * @param subject whom the client's certificate names, UTF-8 as an ISO-8859-1 string, if the client
 *     has shown one that the listener trusts (SSL_CLIENT_S_DN)
 */
public record TlsInfo(
    String protocol, String cipher, Optional<String> serverName, Optional<String> subject) {}
