package org.sluice.net.internal.tcpserver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Decimal;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;

/**
 * The command line of tcpserver (spec 20 section 5.1); of options that exclude each other the last
 * one counts.
 *
 * @param environment for {@code -U}
 */
record ServerOptions(Options options, Map<String, String> environment) {
  private static final String LETTERS = "dDvqQhHrR1UXx:t:u:g:l:b:B:c:pPoO";

  private static final ProgramExit USAGE =
      ProgramExit.usage(
          "tcpserver [ -1UXpPhHrRoOdDqQv ] [ -c limit ] [ -x rules.cdb ] [ -B banner ] [ -g gid ]"
              + " [ -u uid ] [ -b backlog ] [ -l localname ] [ -t timeout ] host port program");

  /** Parses; what is wrong with an option is said even with {@code -q}. */
  static ServerOptions parse(List<String> arguments, Map<String, String> environment)
      throws ProgramExit {
    try {
      return new ServerOptions(Options.parse(LETTERS, arguments), environment);
    } catch (ProgramExit e) {
      throw e.and(USAGE);
    }
  }

  /** How much is said. */
  enum Verbosity {
    NOTHING,
    ERRORS,
    STATUS
  }

  Verbosity verbosity() {
    return switch (last("qQv", 'Q')) {
      case 'q' -> Verbosity.NOTHING;
      case 'v' -> Verbosity.STATUS;
      default -> Verbosity.ERRORS;
    };
  }

  int limit() {
    return number('c', 40);
  }

  int backlog() {
    return number('b', 20);
  }

  Optional<String> rules() {
    return value('x');
  }

  boolean missingRulesAllow() {
    return has('X');
  }

  String banner() {
    return value('B').orElse("");
  }

  /** 0 for no change; 32 bits without a sign, as gid_t. */
  int gid() {
    return account('g', "GID");
  }

  /** 0 for no change; 32 bits without a sign, as uid_t. */
  int uid() {
    return account('u', "UID");
  }

  boolean printPort() {
    return has('1');
  }

  Optional<String> localName() {
    return value('l');
  }

  boolean lookup() {
    return last("hH", 'h') == 'h';
  }

  boolean paranoid() {
    return last("pP", 'P') == 'p';
  }

  boolean ident() {
    return last("rR", 'r') == 'r';
  }

  Duration identLimit() {
    return Duration.ofSeconds(number('t', 26));
  }

  boolean noDelay() {
    return last("dD", 'd') == 'D';
  }

  boolean killIpOptions() {
    return last("oO", 'O') == 'O';
  }

  String host() throws ProgramExit {
    return operand(0);
  }

  String port() throws ProgramExit {
    return operand(1);
  }

  /** With its arguments. */
  List<String> program() throws ProgramExit {
    operand(2);
    return options.operands().subList(2, options.operands().size());
  }

  private String operand(int index) throws ProgramExit {
    if (options.operands().size() <= index) {
      throw USAGE;
    }
    return options.operands().get(index);
  }

  private boolean has(char letter) {
    return options.options().stream().anyMatch(o -> o.letter() == letter);
  }

  private char last(String letters, char otherwise) {
    return options.options().stream()
        .map(Options.Option::letter)
        .filter(letter -> letters.indexOf(letter) >= 0)
        .reduce(otherwise, (earlier, later) -> later);
  }

  private Optional<String> value(char letter) {
    return options.options().stream()
        .filter(o -> o.letter() == letter)
        .map(Options.Option::value)
        .reduce((earlier, later) -> later);
  }

  private int number(char letter, int otherwise) {
    return value(letter).map(Decimal::small).orElse(otherwise);
  }

  /** {@code -U} without its variable leaves what an earlier option says. */
  private int account(char letter, String variable) {
    int id = 0;
    for (Options.Option option : options.options()) {
      if (option.letter() == letter) {
        id = (int) Decimal.leading(option.value());
      } else if (option.letter() == 'U' && environment.containsKey(variable)) {
        id = (int) Decimal.leading(environment.get(variable));
      }
    }
    return id;
  }
}
