package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Assignment;

/** One version of users/assign, as qmail-newu would compile it. */
record AssignFile(Map<String, String> records, String wildcards) implements Assignments {
  /** Reads all of it; a broken file is no table at all. */
  static AssignFile read(Path file) throws IOException {
    Map<String, String> records = new HashMap<>();
    var wildcards = new StringBuilder();
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int number = 0;
    for (int start = 0; start < text.length(); ) {
      number++;
      int end = text.indexOf('\n', start);
      String line = text.substring(start, end < 0 ? text.length() : end);
      if (Assignment.ends(line)) {
        return new AssignFile(records, wildcards.toString());
      }
      String where = file + ":" + number;
      Assignment assignment =
          Assignment.parse(line)
              .orElseThrow(
                  () -> new IOException(where + ": not =local:user:uid:gid:home:dash:ext:"));
      records.putIfAbsent(assignment.key(), assignment.data());
      assignment
          .wildcard()
          .filter(c -> wildcards.indexOf(c.toString()) < 0)
          .ifPresent(wildcards::append);
      start = end < 0 ? text.length() : end + 1;
    }
    throw new IOException(file + ": does not end with a line that is a single dot");
  }

  @Override
  public Optional<String> get(String key) {
    return Optional.ofNullable(records.get(key));
  }
}
