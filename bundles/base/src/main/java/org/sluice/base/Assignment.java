package org.sluice.base;

import java.util.Optional;

/**
 * One line of users/assign as the record of users/cdb that it becomes (spec 40 sections 3.1, 3.2);
 * strings of bytes.
 *
 * @param key {@code !} and the address in lower case; a NUL follows unless it is a prefix
 * @param data user, uid, gid, home, dash and extension, a NUL between each two
 * @param wildcard the last character of a prefix as it was written, empty if it has none
 */
public record Assignment(String key, String data, Optional<Character> wildcard) {
  private static final int COLONS = 6;

  /** The line with which the list ends. */
  public static boolean ends(String line) {
    return line.startsWith(".");
  }

  /** Reads a line, given without its LF; empty if it has a bad format. */
  public static Optional<Assignment> parse(String line) {
    int colon = line.indexOf(':');
    if (colon < 1 || line.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    int end = colon;
    for (int i = 0; i < COLONS; i++) {
      end = line.indexOf(':', end + 1);
      if (end < 0) {
        return Optional.empty();
      }
    }
    boolean prefix = line.charAt(0) == '+';
    String key = "!" + Ascii.lower(line.substring(1, colon)) + (prefix ? "" : "\0");
    Optional<Character> wildcard =
        prefix && colon > 1 ? Optional.of(line.charAt(colon - 1)) : Optional.empty();
    return Optional.of(
        new Assignment(key, line.substring(colon + 1, end).replace(':', '\0'), wildcard));
  }
}
