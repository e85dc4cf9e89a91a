package org.sluice.tools.control.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The numbers of qmail's accounts or groups. Where the system has no such account, the roles are
 * all played by whoever owns the home directory, and its number is given.
 *
 * @param file /etc/passwd or /etc/group
 * @param owner the number of whoever owns the home directory
 */
record Ids(Path file, int owner) {
  private static final int FIELDS = 3;

  /** The numbers of these names, joined by commas. */
  String of(String... names) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      lines = List.of();
    }
    List<String> known = lines;
    return List.of(names).stream()
        .map(name -> find(known, name).orElse(Integer.toUnsignedString(owner)))
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> find(List<String> lines, String name) {
    return lines.stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= FIELDS && fields[0].equals(name))
        .map(fields -> fields[2])
        .findFirst();
  }
}
