package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What descriptor 3 carries (spec 20 section 11.1), each field ended by a NUL. Bytes as ISO-8859-1.
 *
 * @param secret a password, or the answer to the challenge
 * @param challenge APOP's or CRAM-MD5's; empty if there is none
 */
record LoginData(String name, String secret, String challenge) {
  /** In all, in octets. */
  static final int LONGEST = 512;

  /** More was sent than {@value #LONGEST} octets. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("more than " + LONGEST + " octets");
    }
  }

  /**
   * Reads to the end.
   *
   * @return empty if name or secret are not complete
   */
  static Optional<LoginData> read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LONGEST + 1);
    if (bytes.length > LONGEST) {
      throw new TooLongException();
    }
    String[] fields = new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1);
    if (fields.length < 3) {
      return Optional.empty();
    }
    // What follows the last NUL is not a field.
    String challenge = fields.length > 3 ? fields[2] : "";
    return Optional.of(new LoginData(fields[0], fields[1], challenge));
  }

  byte[] bytes() {
    return (name + '\0' + secret + '\0' + challenge + '\0').getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return "login of " + name;
  }
}
