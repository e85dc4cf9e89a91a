package org.sluice.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reading rules of list files (spec 10 section 20, spec 30 section 1.1). */
public final class ControlLines {
  private ControlLines() {}

  /**
   * The lines without trailing blanks; neither the empty ones nor those that begin with #. A NUL
   * within a line splits it into entries, as it does for qmail, which ends each by one.
   */
  public static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      String line = trim(text.substring(from, end));
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '\0') {
        lines.addAll(Arrays.asList(line.split("\0", -1))); // each line is a string of C, or several
      }
      from = end + 1;
    }
    return lines;
  }

  /** A line without the blanks and tabs at its end. */
  public static String trim(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    return line.substring(0, end);
  }
}
