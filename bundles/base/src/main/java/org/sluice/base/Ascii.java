package org.sluice.base;

/** Case folding of byte strings: A to Z only, so that octets above 127 stay what they are. */
public final class Ascii {
  private Ascii() {}

  /** The text with A to Z in lower case. */
  public static String lower(String text) {
    return shifted(text, 'A', 'a');
  }

  /** The text with a to z in upper case. */
  public static String upper(String text) {
    return shifted(text, 'a', 'A');
  }

  /** The 26 letters from one on replaced by those from another on. */
  private static String shifted(String text, char from, char to) {
    var out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= from && c < from + 26) {
        out.setCharAt(i, (char) (c - from + to));
      }
    }
    return out.toString();
  }

  /** Whether two texts are the same but for the case of A to Z. */
  public static boolean equal(String one, String other) {
    return one.length() == other.length()
        && one.equalsIgnoreCase(other) // seldom true, and fast
        && lower(one).equals(lower(other));
  }

  /** Whether a text begins so, in upper or lower case. */
  public static boolean startsWith(String text, String prefix) {
    return text.length() >= prefix.length()
        && lower(text.substring(0, prefix.length())).equals(lower(prefix));
  }
}
