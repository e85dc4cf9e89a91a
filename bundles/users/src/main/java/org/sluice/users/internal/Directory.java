package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.base.Existence;

/**
 * The assignments of an installation: users/cdb if it exists, else users/assign; never both, so
 * that a site that compiles its table has qmail's behaviour: a change counts when qmail-newu has
 * run.
 */
final class Directory {
  private final Path cdb;
  private final Path assign;
  private final Versioned<AssignFile> text;

  Directory(Path home) {
    this.cdb = home.resolve("users/cdb");
    this.assign = home.resolve("users/assign");
    this.text = new Versioned<>(assign, AssignFile::read);
  }

  /** What is assigned to a local part; empty if nothing is. */
  Optional<Fields> find(String local) throws UserLookupException {
    Optional<String> data;
    try {
      data = data(local);
    } catch (IOException e) {
      throw new UserLookupException(
          UserLookupException.ASSIGNMENTS, "users/cdb or users/assign: " + e.getMessage(), e);
    }
    return data.isEmpty() ? Optional.empty() : Optional.of(Fields.parse(data.get()));
  }

  private Optional<String> data(String local) throws IOException {
    if (!Existence.missing(cdb)) {
      try (AssignCdb table = AssignCdb.open(cdb)) {
        return table.find(local);
      } catch (NoSuchFileException e) {
        // users/assign then
      }
    }
    if (Existence.missing(assign)) {
      return Optional.empty();
    }
    try {
      return text.get().find(local);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
