package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.api.auth.Identity;
import org.sluice.base.PathBytes;

/** The program that a checker runs on success, and what it says: as whom, where, with what. */
final class Report {
  /** Fields ended by NULs: user id, group id, then the environment. */
  static final List<String> PROGRAM =
      List.of(
          "/bin/sh", "-c", "printf '%s\\0%s\\0' \"$(id -u)\" \"$(id -g)\" && env -0 || exit 111");

  /** What the shell itself sets. */
  private static final Set<String> OF_THE_SHELL = Set.of("PWD", "OLDPWD", "SHLVL", "_");

  private Report() {}

  /**
   * Reads it.
   *
   * @param given the checker's own environment, which does not count
   * @throws IOException if the checker has not run the program as it should
   */
  static Identity parse(byte[] report, Map<String, String> given) throws IOException {
    String[] fields = new String(report, StandardCharsets.ISO_8859_1).split("\0", -1);
    Map<String, String> environment = new HashMap<>();
    for (int i = 2; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      if (equals > 0) {
        environment.put(fields[i].substring(0, equals), fields[i].substring(equals + 1));
      }
    }
    environment.keySet().removeAll(OF_THE_SHELL);
    environment.entrySet().removeIf(e -> e.getValue().equals(given.get(e.getKey())));
    String user = environment.remove("USER");
    String home = environment.remove("HOME");
    if (user == null || home == null) {
      throw new IOException("the checker has set no USER or no HOME");
    }
    try {
      return new Identity(
          user,
          Integer.parseInt(fields[0]),
          Integer.parseInt(fields[1]),
          PathBytes.of(home),
          environment);
    } catch (NumberFormatException e) {
      throw new IOException("the program that the checker has run said no user id", e);
    }
  }
}
