package org.sluice.base;

/**
 * A command of SMTP or POP3 (spec 20 section 1.3). Bytes as ISO-8859-1.
 *
 * @param verb what precedes the first space, A to Z in lower case
 * @param argument what follows the spaces behind the verb; trailing spaces are kept
 */
public record CommandLine(String verb, String argument) {
  /** Splits a line as {@link CommandReader#line} gives it. */
  public static CommandLine parse(String line) {
    int space = line.indexOf(' ');
    if (space < 0) {
      return new CommandLine(Ascii.lower(line), "");
    }
    int at = space;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return new CommandLine(Ascii.lower(line.substring(0, space)), line.substring(at));
  }
}
