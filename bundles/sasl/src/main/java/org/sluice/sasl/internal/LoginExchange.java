package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;

/** LOGIN (no standard; spec 20 section 15.8): the name, then the password. */
final class LoginExchange implements SaslExchange {
  private final Logins logins;
  private boolean asked;
  private Optional<String> name = Optional.empty();

  LoginExchange(Logins logins) {
    this.logins = logins;
  }

  @Override
  public SaslStep respond(Optional<byte[]> response) throws IOException, InterruptedException {
    if (response.isEmpty() && !asked) {
      asked = true;
      return challenge("Username:");
    }
    String text = new String(response.orElse(new byte[0]), StandardCharsets.ISO_8859_1);
    if (text.isEmpty() || text.indexOf(0) >= 0) {
      return new SaslStep.Malformed();
    }
    if (name.isEmpty()) {
      name = Optional.of(text);
      return challenge("Password:");
    }
    var identity = logins.authenticate(new Credentials.Password(name.get(), text));
    return identity
        .<SaslStep>map(SaslStep.Accepted::new)
        .orElseGet(() -> new SaslStep.Refused(name.get()));
  }

  private static SaslStep challenge(String text) {
    return new SaslStep.Challenge(text.getBytes(StandardCharsets.US_ASCII));
  }
}
