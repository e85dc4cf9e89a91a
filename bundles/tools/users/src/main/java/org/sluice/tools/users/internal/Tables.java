package org.sluice.tools.users.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sluice.base.Ascii;
import org.sluice.base.LineReader;

/**
 * users/include, users/exclude and users/mailnames (spec 40 section 5); all names in lower case.
 *
 * @param include empty if every account counts
 * @param mailnames account to its addresses, joined by colons
 */
record Tables(Optional<Set<String>> include, Set<String> exclude, Map<String, String> mailnames) {
  static Tables read(Path directory) throws IOException {
    Map<String, String> mailnames = new HashMap<>();
    for (String line : lines(directory.resolve("mailnames")).orElse(List.of())) {
      int colon = line.indexOf(':');
      if (colon >= 0) {
        mailnames.put(Ascii.lower(line.substring(0, colon)), line.substring(colon + 1));
      }
    }
    return new Tables(
        lines(directory.resolve("include")).map(Tables::names),
        lines(directory.resolve("exclude")).map(Tables::names).orElse(Set.of()),
        mailnames);
  }

  private static Set<String> names(List<String> lines) {
    return lines.stream().map(Ascii::lower).collect(Collectors.toCollection(HashSet::new));
  }

  /** The lines that say something; empty if there is no such file. */
  private static Optional<List<String>> lines(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var in = new LineReader(Files.newInputStream(file))) {
      for (var next = in.next(); next.isPresent(); next = in.next()) {
        String line = LineReader.trimmed(next.get());
        if (!line.isEmpty() && !line.startsWith("#")) {
          lines.add(line);
        }
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(lines);
  }

  /** Whether an account counts. */
  boolean has(String account) {
    String name = Ascii.lower(account);
    return (include.isEmpty() || include.get().contains(name)) && !exclude.contains(name);
  }

  /** The addresses of an account. */
  List<String> addresses(String account) {
    String names = mailnames.get(Ascii.lower(account));
    return names == null
        ? List.of(account)
        : List.of(names.split(":")).stream().filter(name -> !name.isEmpty()).toList();
  }
}
