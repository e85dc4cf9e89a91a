package org.sluice.base;

/**
 * A header field as it stands in a message (spec 40 section 13.1).
 *
 * @param text the whole field: name, colon, all lines with their LFs; bytes as ISO-8859-1
 */
public record MessageField(String text) {
  /** Whether a line begins a field: a colon, and before it a name of octets 33 to 126. */
  static boolean begins(String line) {
    int end = nameEnd(line);
    for (int i = 0; i < end; i++) {
      if (line.charAt(i) < 33 || line.charAt(i) > 126) {
        return false;
      }
    }
    return end > 0;
  }

  /** Where the name ends; 0 if there is none. Blanks may stand between it and the colon. */
  private static int nameEnd(String line) {
    int end = line.indexOf(':');
    while (end > 0 && blank(line.charAt(end - 1))) {
      end--;
    }
    return Math.max(end, 0);
  }

  static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Whether it has this name, in upper or lower case. */
  public boolean is(String name) {
    return nameEnd(text) == name.length() && text.regionMatches(true, 0, name, 0, name.length());
  }

  /** What follows the colon and the white space after it, with the last LF. */
  public String value() {
    int at = text.indexOf(':') + 1;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.substring(at);
  }

  /** The whole field without its last LF, for a place where one follows anyway. */
  public String unterminated() {
    return chop(text);
  }

  static String chop(String line) {
    return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
  }
}
