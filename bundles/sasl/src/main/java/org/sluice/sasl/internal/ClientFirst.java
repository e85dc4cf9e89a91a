package org.sluice.sasl.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SCRAM's first message (RFC 5802 section 7).
 *
 * @param header the gs2-header with its commas
 * @param authorization whom the client wants to be; empty for itself
 * @param bare the rest
 */
record ClientFirst(String header, String authorization, String bare, String name, String nonce) {
  /** No channel binding ({@code p=}), no mandatory extension ({@code m=}). */
  private static final Pattern FORM =
      Pattern.compile("([ny],(?:a=([^,]+))?,)(n=([^,]+),r=([!-+\\--~]+)(?:,.*)?)", Pattern.DOTALL);

  static Optional<ClientFirst> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<String> name = plain(matcher.group(4));
    Optional<String> authorization =
        matcher.group(2) == null ? Optional.of("") : plain(matcher.group(2));
    if (name.isEmpty() || authorization.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClientFirst(
            matcher.group(1), authorization.get(), matcher.group(3), name.get(), matcher.group(5)));
  }

  /** Undoes {@code =2C} and {@code =3D}; another equals sign, or a NUL, is an error. */
  private static Optional<String> plain(String escaped) {
    if (escaped.indexOf(0) >= 0 || escaped.replaceAll("=2C|=3D", "").indexOf('=') >= 0) {
      return Optional.empty();
    }
    return Optional.of(escaped.replace("=2C", ",").replace("=3D", "="));
  }
}
