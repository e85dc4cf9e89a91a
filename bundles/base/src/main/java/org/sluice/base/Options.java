package org.sluice.base;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Command line options by qmail's getopt (spec 40 section 1, spec 30 section 5.1).
 *
 * @param options in the order given
 * @param operands the arguments that follow
 */
public record Options(List<Option> options, List<String> operands) {
  /**
   * One option.
   *
   * @param value empty if the letter takes none
   */
  public record Option(char letter, String value) {}

  /**
   * Parses.
   *
   * @param letters the known letters; a colon follows one that takes a value
   * @throws ProgramExit status 100, with getopt's words
   */
  public static Options parse(String letters, List<String> arguments) throws ProgramExit {
    var reader = new OptionReader(letters, arguments);
    List<Option> options = new ArrayList<>();
    for (Optional<Option> next = reader.next(); next.isPresent(); next = reader.next()) {
      options.add(next.get());
    }
    return new Options(List.copyOf(options), reader.operands());
  }
}
