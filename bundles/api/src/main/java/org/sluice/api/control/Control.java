package org.sluice.api.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * qmail's control files (spec 10 section 20, spec 30 section 1). Re-read when they change.
 * Thread-safe. An {@link IOException} means a file that exists cannot be read: a temporary failure.
 */
@ProviderType
public interface Control {
  /** The home directory (SLUICE_HOME, qmail's /var/qmail). */
  Path home();

  /** A line file: the first line without trailing blanks; empty if there is no such file. */
  Optional<String> line(String name) throws IOException;

  /** A line file, else {@code me}, else the name of the file itself as a literal. */
  String lineOrMe(String name) throws IOException;

  /** A number file, else the default. */
  long number(String name, long defaultValue) throws IOException;

  /** A list file; empty if there is no such file, which differs from an empty list. */
  Optional<List<String>> list(String name) throws IOException;

  /**
   * The entries of a list file, A to Z in lower case; empty if there is no such file. Made once for
   * a version of the file, so that all who ask have the same.
   */
  Optional<Set<String>> set(String name) throws IOException;

  /**
   * A list file as a map: keys up to the first colon, A to Z in lower case, the rest as value;
   * lines without a colon are ignored; later duplicates win. Made once for a version of the file.
   */
  Optional<Map<String, String>> map(String name) throws IOException;

  /**
   * A constant database such as {@code morercpthosts.cdb}, opened now: look-ups in it do not see
   * what becomes of the file later. Empty if there is none.
   */
  Optional<Database> database(String name) throws IOException;

  /** One look-up in a constant database as it is now; empty if there is none. */
  default Optional<String> cdb(String name, String key) throws IOException {
    Optional<Database> database = database(name);
    return database.isPresent() ? database.get().get(key) : Optional.empty();
  }

  /** An open constant database. Nobody has to close it. Thread-safe. */
  @FunctionalInterface
  interface Database {
    /** The data of the first record with this key; bytes as ISO-8859-1. */
    Optional<String> get(String key) throws IOException;
  }
}
