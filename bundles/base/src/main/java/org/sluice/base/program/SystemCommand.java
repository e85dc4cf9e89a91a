package org.sluice.base.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Commands of the operating system that serve us. PATH is for the programs of others: that of this
 * process, or the one that a rule gives to a program, need not lead to them.
 */
final class SystemCommand {
  private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

  private SystemCommand() {}

  /** Where the system has it; the bare name, to be searched in PATH, if it is in none of them. */
  static String of(String name) {
    return PLACES.stream()
        .map(place -> place + "/" + name)
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst()
        .orElse(name);
  }
}
