package org.sluice.base;

import java.util.List;
import java.util.Optional;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Options.Option;

/**
 * qmail's getopt, an option at a time, for programs that act on each at once (spec 30 section 5.1).
 * Letters may be clustered; it stops at the first word that is no option, at a lone {@code -}, and
 * after a word that begins with {@code --}. Used by one thread.
 */
public final class OptionReader {
  private final String letters;
  private final List<String> arguments;
  private int word;
  private int at = 1;

  /**
   * Begins with the first argument.
   *
   * @param letters the known letters; a colon follows one that takes a value
   */
  public OptionReader(String letters, List<String> arguments) {
    this.letters = letters;
    this.arguments = arguments;
  }

  /**
   * The next option; empty where the operands begin.
   *
   * @throws ProgramExit status 100, with getopt's words
   */
  public Optional<Option> next() throws ProgramExit {
    if (at > 1 && at == arguments.get(word).length()) {
      skipWord();
    }
    if (at == 1 && !begun()) {
      return Optional.empty();
    }
    String cluster = arguments.get(word);
    char letter = cluster.charAt(at++);
    int known = letter == ':' ? -1 : letters.indexOf(letter);
    if (known < 0) {
      throw bad("illegal option", letter);
    }
    return Optional.of(new Option(letter, letters.startsWith(":", known + 1) ? value(letter) : ""));
  }

  /** Goes on with the next word, whatever is left of this one. */
  public void skipWord() {
    word++;
    at = 1;
  }

  /** The arguments that follow; ask when there is no option left. */
  public List<String> operands() {
    return arguments.subList(word, arguments.size());
  }

  private boolean begun() {
    if (word == arguments.size() || arguments.get(word).length() < 2) {
      return false;
    }
    if (arguments.get(word).startsWith("--")) {
      word++;
      return false;
    }
    return arguments.get(word).charAt(0) == '-';
  }

  private String value(char letter) throws ProgramExit {
    String rest = arguments.get(word).substring(at);
    skipWord();
    if (!rest.isEmpty()) {
      return rest;
    }
    if (word == arguments.size()) {
      throw bad("option requires an argument", letter);
    }
    return arguments.get(word++);
  }

  private static ProgramExit bad(String words, char letter) {
    return new ProgramExit(ExitCode.PERMANENT, List.of(words + " -- " + letter));
  }
}
