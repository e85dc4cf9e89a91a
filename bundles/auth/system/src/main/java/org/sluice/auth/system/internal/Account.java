package org.sluice.auth.system.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.auth.Identity;

/** What passwd(5) says of an account. */
record Account(int uid, int gid, Path home, String shell) {
  private static final int FIELDS = 6;

  /** Of the fields behind the name; empty if they are not those of an account. */
  static Optional<Account> parse(List<String> fields) {
    if (fields.size() != FIELDS) {
      return Optional.empty();
    }
    try {
      int uid = Integer.parseInt(fields.get(1));
      int gid = Integer.parseInt(fields.get(2));
      return Optional.of(new Account(uid, gid, Path.of(fields.get(4)), fields.get(5)));
    } catch (NumberFormatException e) {
      return Optional.empty(); // a line that getpwnam(3) skips too
    }
  }

  Identity identity(String name) {
    Map<String, String> environment = shell.isEmpty() ? Map.of() : Map.of("SHELL", shell);
    return new Identity(name, uid, gid, home, environment);
  }
}
