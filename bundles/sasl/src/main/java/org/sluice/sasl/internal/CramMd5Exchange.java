package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;

/** CRAM-MD5 (RFC 2195): a challenge, then the name and the keyed hash of the challenge. */
final class CramMd5Exchange implements SaslExchange {
  private final Logins logins;
  private final String challenge;
  private boolean challenged;

  CramMd5Exchange(Logins logins, String random, String host) {
    this.logins = logins;
    this.challenge = "<" + random + "@" + host + ">";
  }

  @Override
  public SaslStep respond(Optional<byte[]> response) throws IOException, InterruptedException {
    if (response.isPresent() != challenged) {
      return new SaslStep.Malformed(); // the server speaks first
    }
    if (!challenged) {
      challenged = true;
      return new SaslStep.Challenge(challenge.getBytes(StandardCharsets.ISO_8859_1));
    }
    String text = new String(response.orElseThrow(), StandardCharsets.ISO_8859_1);
    int space = text.lastIndexOf(' ');
    if (space <= 0) {
      return new SaslStep.Malformed();
    }
    String name = text.substring(0, space);
    var credentials =
        new Credentials.Response(name, "CRAM-MD5", challenge, text.substring(space + 1));
    var identity = logins.authenticate(credentials);
    return identity
        .<SaslStep>map(SaslStep.Accepted::new)
        .orElseGet(() -> new SaslStep.Refused(name));
  }
}
