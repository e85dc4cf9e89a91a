package org.sluice.base;

import java.net.IDN;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Domains as the DNS has them: labels in UTF-8 (U-labels) become {@code xn--...} (RFC 5890). Texts
 * are bytes (ISO-8859-1). Every ASCII domain stays what it is, be it valid or not.
 */
public final class ALabels {
  private ALabels() {}

  /**
   * A domain in A-labels, those in lower case.
   *
   * @param domain may begin with a dot, as in rcpthosts
   * @return empty if it has other octets than ASCII, and is no domain in UTF-8
   */
  public static Optional<String> of(String domain) {
    if (!foreign(domain)) {
      return Optional.of(domain);
    }
    String dot = domain.startsWith(".") ? "." : "";
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(
                  ByteBuffer.wrap(
                      domain.substring(dot.length()).getBytes(StandardCharsets.ISO_8859_1)))
              .toString();
      return Optional.of(dot + Ascii.lower(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES)));
    } catch (CharacterCodingException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** The same for an address: what follows its last {@code @}; all of it stays without one. */
  public static Optional<String> address(String address) {
    int at = address.lastIndexOf('@');
    return at < 0
        ? Optional.of(address)
        : of(address.substring(at + 1)).map(domain -> address.substring(0, at + 1) + domain);
  }

  /** The way back; what cannot be turned back stays. */
  public static String toUtf8(String domain) {
    return new String(
        IDN.toUnicode(domain).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Whether a text has other octets than ASCII, so that there may be labels to turn. */
  public static boolean foreign(String text) {
    return !text.chars().allMatch(c -> c < 0x80);
  }
}
