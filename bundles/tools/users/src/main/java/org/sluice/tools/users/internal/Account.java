package org.sluice.tools.users.internal;

import java.util.Optional;
import org.sluice.base.Decimal;

/**
 * A line of a passwd file; strings of bytes.
 *
 * @param uid as it is written, and so is {@code gid}
 */
record Account(String name, String uid, String gid, String home) {
  private static final int COLONS = 6;

  /** Reads a line without its LF; empty if it is none, as it has a NUL or too few colons. */
  static Optional<Account> parse(String line) {
    String[] fields = line.split(":", COLONS + 1);
    if (line.indexOf('\0') >= 0 || fields.length <= COLONS) {
      return Optional.empty();
    }
    return Optional.of(new Account(fields[0], fields[2], fields[3], fields[5]));
  }

  /** The user id that the system would see; 0 if there are no digits. */
  long number() {
    return Decimal.leading(uid);
  }

  /** The fields in the middle of an assignment, with a colon on both sides. */
  String fields() {
    return ":" + name + ":" + uid + ":" + gid + ":" + home + ":";
  }
}
