package org.sluice.users.internal;

import java.io.IOException;
import java.util.Optional;

/** The system's accounts. Thread-safe. */
interface Passwd {
  /**
   * One account.
   *
   * @param home as written
   */
  record Account(String name, long uid, long gid, String home) {
    private static final int FIELDS = 6;

    /** From a line of /etc/passwd; empty if it is none. */
    static Optional<Account> parse(String line) {
      String[] fields = line.split(":", -1);
      boolean good =
          fields.length >= FIELDS
              && !fields[0].isEmpty()
              && fields[2].matches("\\d{1,10}")
              && fields[3].matches("\\d{1,10}");
      return good
          ? Optional.of(
              new Account(fields[0], Fields.number(fields[2]), Fields.number(fields[3]), fields[5]))
          : Optional.empty();
    }
  }

  /** The account of this name; empty if there is none. */
  Optional<Account> find(String name) throws IOException, InterruptedException;
}
