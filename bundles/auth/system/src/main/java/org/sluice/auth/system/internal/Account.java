package org.sluice.auth.system.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.auth.Identity;
import org.sluice.sasl.StoredSecret;

/**
 * What passwd(5) says of an account.
 *
 * @param secret its own field for a hash, which counts where shadow(5) has none of this name;
 *     mostly it is an {@code x}, which is the hash of no password
 */
record Account(StoredSecret secret, int uid, int gid, Path home, String shell) {
  private static final int FIELDS = 6;

  /** Of the fields behind the name; empty if they are not those of an account. */
  static Optional<Account> parse(List<String> fields) {
    if (fields.size() != FIELDS) {
      return Optional.empty();
    }
    try {
      int uid = Integer.parseInt(fields.get(1));
      int gid = Integer.parseInt(fields.get(2));
      String field = fields.get(0);
      StoredSecret secret = // everybody may read it: none of the other forms belongs there
          field.startsWith("{") ? new StoredSecret.Foreign(field) : StoredSecret.parse(field);
      return Optional.of(new Account(secret, uid, gid, Path.of(fields.get(4)), fields.get(5)));
    } catch (NumberFormatException e) {
      return Optional.empty(); // a line that getpwnam(3) skips too
    }
  }

  Identity identity(String name) {
    Map<String, String> environment = shell.isEmpty() ? Map.of() : Map.of("SHELL", shell);
    return new Identity(name, uid, gid, home, environment);
  }
}
