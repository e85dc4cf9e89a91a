package org.sluice.base;

/** Text for terminals and logs: nothing in it can be an escape sequence, or a line of its own. */
public final class PrintableText {
  private static final int LONGEST_NAME = 128;

  private PrintableText() {}

  /** What a client says that its name is, for a log: printable, and cut if it is long. */
  public static String name(String said) {
    return said.length() > LONGEST_NAME
        ? of(said.substring(0, LONGEST_NAME), '?') + "..."
        : of(said, '?');
  }

  /** Every octet outside 32 to 126 replaced. */
  public static String of(String text, char replacement) {
    var out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (out.charAt(i) < 32 || out.charAt(i) > 126) {
        out.setCharAt(i, replacement);
      }
    }
    return out.toString();
  }
}
