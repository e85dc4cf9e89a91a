package org.sluice.delivery.maildir.internal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** File names are bytes; the JVM wants characters in the system's encoding. */
final class PathBytes {
  private static final Charset SYSTEM =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private PathBytes() {}

  /** The path with exactly these bytes. */
  static Path resolve(Path home, String bytes) throws InvalidPathException {
    byte[] octets = bytes.getBytes(StandardCharsets.ISO_8859_1);
    String decoded = new String(octets, SYSTEM);
    if (!Arrays.equals(octets, decoded.getBytes(SYSTEM))) {
      throw new InvalidPathException(bytes, "not in the system's encoding " + SYSTEM);
    }
    return home.resolve(decoded);
  }
}
