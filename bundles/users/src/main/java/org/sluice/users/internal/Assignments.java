package org.sluice.users.internal;

import java.io.IOException;
import java.util.Optional;
import org.sluice.base.Ascii;

/** A table of assignments: users/cdb, or users/assign itself. */
interface Assignments {
  /** The data of the first record with this key, strings of bytes; empty if there is none. */
  Optional<String> get(String key) throws IOException;

  /** The characters with which prefixes end (spec 40 section 2.3, step 1). */
  String wildcards() throws IOException;

  /**
   * What is assigned to an address: exactly, else the longest prefix, with what follows it appended
   * to the extension.
   */
  default Optional<String> find(String local) throws IOException {
    String wildcards = wildcards();
    String key = "!" + Ascii.lower(local);
    Optional<String> exact = get(key + "\0");
    if (exact.isPresent()) {
      return exact;
    }
    for (int length = key.length(); length > 0; length--) {
      if (length == 1 || wildcards.indexOf(key.charAt(length - 1)) >= 0) {
        Optional<String> prefix = get(key.substring(0, length));
        if (prefix.isPresent()) {
          return Optional.of(prefix.get() + local.substring(length - 1));
        }
      }
    }
    return Optional.empty();
  }
}
