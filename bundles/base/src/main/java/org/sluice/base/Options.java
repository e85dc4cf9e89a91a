package org.sluice.base;

import java.util.ArrayList;
import java.util.List;
import org.sluice.api.program.ExitCode;

/**
 * Command line options by qmail's getopt (spec 40 section 1): letters may be clustered; parsing
 * stops at the first argument that is no option, at a lone {@code -} and after {@code --}.
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
    List<Option> options = new ArrayList<>();
    int at = 0;
    while (at < arguments.size() && option(arguments.get(at))) {
      String cluster = arguments.get(at++);
      if (cluster.equals("--")) {
        break;
      }
      for (int i = 1; i < cluster.length(); i++) {
        char letter = cluster.charAt(i);
        int known = letter == ':' ? -1 : letters.indexOf(letter);
        if (known < 0) {
          throw bad("illegal option", letter);
        }
        if (!letters.startsWith(":", known + 1)) {
          options.add(new Option(letter, ""));
          continue;
        }
        String value = cluster.substring(i + 1);
        if (value.isEmpty()) {
          if (at == arguments.size()) {
            throw bad("option requires an argument", letter);
          }
          value = arguments.get(at++);
        }
        options.add(new Option(letter, value));
        break;
      }
    }
    return new Options(List.copyOf(options), arguments.subList(at, arguments.size()));
  }

  private static boolean option(String argument) {
    return argument.length() > 1 && argument.charAt(0) == '-';
  }

  private static ProgramExit bad(String words, char letter) {
    return new ProgramExit(ExitCode.PERMANENT, List.of(words + " -- " + letter));
  }
}
