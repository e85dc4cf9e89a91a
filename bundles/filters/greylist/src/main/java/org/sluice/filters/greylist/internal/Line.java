package org.sluice.filters.greylist.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the file: what has become of an entry.
 *
 * @param kind what it is about
 * @param network the client's, as text
 * @param value the key of sender and recipient, or of a client the number of its successes
 * @param seconds since 1970: of the first attempt, of the last mail, or of the last success
 */
record Line(Kind kind, String network, long value, long seconds) {
  /** The kinds, by the letter of a line. */
  enum Kind {
    /** Has been told to come again. */
    WAITING('W'),
    /** Has come again. */
    PASSED('P'),
    /** A network that has done so. */
    CLIENT('C');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  /** Octets of a line at most. */
  static final int LONGEST = 100;

  private static final Pattern FORM =
      Pattern.compile("([WPC]) ([0-9a-f.:]{2,40}/[0-9]{1,3}) ([0-9a-f]{1,16}) ([0-9]{1,11})");

  /** Reads one, without its end; empty if it is none. */
  static Optional<Line> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    Kind kind =
        switch (form.group(1).charAt(0)) {
          case 'W' -> Kind.WAITING;
          case 'P' -> Kind.PASSED;
          default -> Kind.CLIENT;
        };
    return Optional.of(
        new Line(
            kind,
            form.group(2),
            Long.parseUnsignedLong(form.group(3), 16),
            Long.parseLong(form.group(4))));
  }

  /** With its end. */
  @Override
  public String toString() {
    return kind.letter + " " + network + " " + Long.toHexString(value) + " " + seconds + "\n";
  }
}
