package org.sluice.base;

/** The scanner of every number in options, variables and control files (spec 20 section 1.1). */
public final class Decimal {
  private Decimal() {}

  /** How many digits the text begins with. */
  public static int digits(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** The number that the text begins with, modulo 2^64; 0 if there is none. */
  public static long leading(String text) {
    int digits = digits(text);
    long value = 0;
    for (int i = 0; i < digits; i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }

  /** {@link #leading} as far as an int holds it, for what nobody has more of. */
  public static int small(String text) {
    long number = leading(text);
    return number < 0 || number > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) number;
  }
}
