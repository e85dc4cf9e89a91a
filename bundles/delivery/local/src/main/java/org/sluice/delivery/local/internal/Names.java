package org.sluice.delivery.local.internal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** File names are bytes; the JVM wants characters in the system's encoding. */
final class Names {
  private static final Charset SYSTEM =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private Names() {}

  /** The path with exactly these bytes; empty if the JVM cannot express it. */
  static Optional<Path> resolve(Path home, String bytes) {
    try {
      byte[] octets = bytes.getBytes(StandardCharsets.ISO_8859_1);
      String decoded = new String(octets, SYSTEM);
      return java.util.Arrays.equals(octets, decoded.getBytes(SYSTEM))
          ? Optional.of(home.resolve(decoded))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // a NUL, or not in the system's encoding: no such file
    }
  }
}
