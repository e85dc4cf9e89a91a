package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sluice.api.auth.Identity;
import org.sluice.sasl.AccountFile;

/** The login shells of passwd(5), for accounts whose authenticator knows none. Thread-safe. */
final class Shells {
  static final String VARIABLE = "SHELL";

  /** The fields behind the name: password, user id, group id, comment, home, shell. */
  private static final int FIELDS = 6;

  private record Entry(String uid, String shell) {}

  private final AccountFile<Optional<Entry>> file;

  Shells(Path passwd) {
    this.file = new AccountFile<>(passwd, false, (name, fields) -> entry(fields));
  }

  private static Optional<Entry> entry(List<String> fields) {
    return fields.size() == FIELDS
        ? Optional.of(new Entry(fields.get(1), fields.get(5)))
        : Optional.empty();
  }

  /** That of the account with this name and this user id, empty text included. */
  Optional<String> of(Identity identity) throws IOException {
    return file.accounts()
        .getOrDefault(identity.user(), Optional.empty())
        .filter(entry -> entry.uid().equals(Integer.toString(identity.uid())))
        .map(Entry::shell);
  }
}
