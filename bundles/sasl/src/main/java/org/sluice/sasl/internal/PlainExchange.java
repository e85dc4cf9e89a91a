package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;

/** PLAIN (RFC 4616): authorization identity, name and password between NULs. */
final class PlainExchange implements SaslExchange {
  private final Logins logins;

  PlainExchange(Logins logins) {
    this.logins = logins;
  }

  @Override
  public SaslStep respond(Optional<byte[]> response) throws IOException, InterruptedException {
    if (response.isEmpty()) {
      return new SaslStep.Challenge(new byte[0]);
    }
    String[] parts = new String(response.get(), StandardCharsets.ISO_8859_1).split("\0", -1);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      return new SaslStep.Malformed();
    }
    // Nobody may act for somebody else here.
    boolean self = parts[0].isEmpty() || parts[0].equals(parts[1]);
    var identity = logins.authenticate(new Credentials.Password(parts[1], parts[2]));
    return self && identity.isPresent()
        ? new SaslStep.Accepted(identity.get())
        : new SaslStep.Refused(parts[1]);
  }
}
