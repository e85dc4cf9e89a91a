package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.delivery.LocalUser;

/**
 * One version of users/assign (spec 40 section 3.1): lines {@code
 * =local:user:uid:gid:home:dash:ext:} for one address and {@code +prefix:...} for all that begin
 * so; a line with a dot ends the file.
 */
record Assignments(FileTime modified, Map<String, String[]> exact, Map<String, String[]> prefixes) {
  private static final int FIELDS = 7;

  /** The present version, or the one given if the file has not changed; empty if there is none. */
  static Optional<Assignments> read(Path file, Optional<Assignments> known) throws IOException {
    FileTime modified;
    try {
      modified = Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (known.isPresent() && known.get().modified.equals(modified)) {
      return known;
    }
    Map<String, String[]> exact = new HashMap<>();
    Map<String, String[]> prefixes = new HashMap<>();
    boolean complete = false;
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      number++;
      if (line.equals(".")) {
        complete = true;
        break;
      }
      String[] fields = line.split(":", -1);
      if (line.isEmpty() || "=+".indexOf(line.charAt(0)) < 0 || fields.length < FIELDS) {
        throw new IOException(file + ":" + number + ": not =local:user:uid:gid:home:dash:ext:");
      }
      String key = fields[0].substring(1).toLowerCase(Locale.ROOT);
      (line.charAt(0) == '=' ? exact : prefixes).putIfAbsent(key, fields);
    }
    if (!complete) {
      throw new IOException(file + ": does not end with a line that is a single dot");
    }
    return Optional.of(new Assignments(modified, exact, prefixes));
  }

  /** The longest match (spec 40 section 2.3). */
  Optional<LocalUser> find(String local) throws IOException {
    String key = local.toLowerCase(Locale.ROOT);
    String[] fields = exact.get(key);
    if (fields != null) {
      return Optional.of(user(fields, ""));
    }
    for (int length = key.length(); length >= 0; length--) {
      fields = prefixes.get(key.substring(0, length));
      if (fields != null) {
        return Optional.of(user(fields, local.substring(length)));
      }
    }
    return Optional.empty();
  }

  private static LocalUser user(String[] fields, String rest) throws IOException {
    try {
      return new LocalUser(
          fields[1],
          Integer.parseInt(fields[2]),
          Integer.parseInt(fields[3]),
          Path.of(fields[4]),
          fields[5],
          fields[6] + rest);
    } catch (NumberFormatException e) {
      throw new IOException("users/assign: uid and gid of " + fields[0] + " must be numbers", e);
    }
  }
}
