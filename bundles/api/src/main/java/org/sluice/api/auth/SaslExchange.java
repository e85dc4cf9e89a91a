package org.sluice.api.auth;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The server's side of one SASL exchange (RFC 4422 section 3). Used by one thread. */
@ConsumerType
public interface SaslExchange {
  /**
   * Takes what the client says, decoded.
   *
   * @param response on the first call the initial response, empty if there was none; present later
   * @throws IOException if the login cannot be checked now, which is temporary and ends the
   *     exchange
   */
  SaslStep respond(Optional<byte[]> response) throws IOException, InterruptedException;
}
