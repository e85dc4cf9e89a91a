package org.sluice.api.auth;

import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * What a SASL mechanism may know of the connection.
 *
 * @param host the server's name, for challenges
 * @param tls with the client's certificate if it has shown one, once TLS has begun
 */
public record SaslClient(String host, Optional<SSLSession> tls) {}
