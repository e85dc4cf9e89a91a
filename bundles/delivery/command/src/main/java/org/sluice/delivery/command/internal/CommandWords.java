package org.sluice.delivery.command.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Recognises command lines that a shell would only split into words: no variables, assignments,
 * patterns, redirections or operators, no escapes and no comments.
 */
final class CommandWords {
  private static final String SAFE = "@%+=:,./_-";

  /** What means something between double quotes; the backslash too. */
  private static final String ACTIVE = "$`\\\n";

  private final String line;
  private final List<String> words = new ArrayList<>();
  private int at;

  private CommandWords(String line) {
    this.line = line;
  }

  /** The words; none if the line is empty or anything but simple. */
  static List<String> of(String line) {
    var words = new CommandWords(line);
    return words.split() ? List.copyOf(words.words) : List.of();
  }

  private boolean split() {
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
      } else if (!word()) {
        return false;
      }
    }
    // An equals sign in the first word makes it an assignment, or the name of no program.
    return words.isEmpty() || words.get(0).indexOf('=') < 0;
  }

  private boolean word() {
    var word = new StringBuilder();
    while (at < line.length() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
      char c = line.charAt(at);
      if (c == '\'' || c == '"') {
        int end = line.indexOf(c, at + 1);
        if (end < 0) {
          return false;
        }
        String quoted = line.substring(at + 1, end);
        if (c == '"' && quoted.chars().anyMatch(q -> ACTIVE.indexOf(q) >= 0)) {
          return false;
        }
        word.append(quoted);
        at = end + 1;
      } else if (safe(c)) {
        word.append(c);
        at++;
      } else {
        return false;
      }
    }
    words.add(word.toString());
    return true;
  }

  private static boolean safe(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || SAFE.indexOf(c) >= 0;
  }
}
