package org.sluice.tools.users.internal;

import java.util.List;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;

/**
 * The options of qmail-pw2u (spec 40 section 5).
 *
 * @param dash the dash field of addresses with an extension
 * @param home what is asked of home directories
 * @param upper whether account names may have upper-case letters
 * @param separator the break character, empty if addresses have no extension
 */
record Settings(String dash, Home home, boolean upper, String separator) {
  /** What is asked of a home directory. */
  enum Home {
    /** Nothing; it is not looked at. */
    ANY,
    /** An account without one, or with another's, is skipped. */
    OWNED,
    /** As OWNED, but a missing one is an error. */
    THERE
  }

  static Settings parse(List<String> arguments) throws ProgramExit {
    var settings = new Settings("-", Home.OWNED, false, "-");
    for (Options.Option option : Options.parse("/ohHuUc:C", arguments).options()) {
      settings = settings.with(option);
    }
    return settings;
  }

  private Settings with(Options.Option option) {
    return switch (option.letter()) {
      case '/' -> new Settings("-/", home, upper, separator);
      case 'o' -> new Settings(dash, Home.OWNED, upper, separator);
      case 'h' -> new Settings(dash, Home.THERE, upper, separator);
      case 'H' -> new Settings(dash, Home.ANY, upper, separator);
      case 'u' -> new Settings(dash, home, true, separator);
      case 'U' -> new Settings(dash, home, false, separator);
      case 'c' ->
          new Settings(
              dash, home, upper, option.value().substring(0, Math.min(1, option.value().length())));
      default -> new Settings(dash, home, upper, "");
    };
  }
}
