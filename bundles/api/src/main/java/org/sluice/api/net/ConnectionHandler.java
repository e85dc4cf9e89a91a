package org.sluice.api.net;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Speaks one protocol on accepted connections. A service with the property {@value #PROTOCOL}. Each
 * connection is handled on a thread of its own; when the method returns or throws, the connection
 * is closed.
 */
@ConsumerType
@FunctionalInterface
public interface ConnectionHandler {
  /** Service property: for example {@code smtp}. */
  String PROTOCOL = "sluice.protocol";

  /** Serves a connection to its end. */
  void handle(Connection connection) throws IOException, InterruptedException;

  /**
   * What a client is told that may not have one more connection now, before its own is closed: as
   * on the wire, line end included, ISO-8859-1. Called on the accepting thread, must not block;
   * empty closes without a word. Not said where TLS comes first.
   */
  default String refusal() {
    return "";
  }
}
