package org.sluice.delivery.local.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a .qmail file that means something (spec 40 section 7.2).
 *
 * @param kind what is to be done
 * @param text a path, a command, an address or, for {@link Kind#ERROR}, what is wrong
 */
record Instruction(Kind kind, String text) {
  /** What a line asks for. */
  enum Kind {
    MAILDIR,
    MBOX,
    COMMAND,
    FORWARD,
    /** The file is wrong from here on; what precedes is still carried out. */
    ERROR;

    /** The value of {@code sluice.agent}. */
    String agent() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Reads all lines, up to the first that is wrong. */
  static List<Instruction> parse(String text, boolean executable) {
    var out = new ArrayList<Instruction>();
    boolean forwardOnly = executable;
    int start = 0;
    while (start < text.length() || start == 0) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      String line = stripped(text, start, end);
      if (line.equals("+list")) {
        forwardOnly = true;
      } else if (line.isEmpty() && start == 0) {
        out.add(error("Uh-oh: first line of .qmail file is blank. (#4.2.1)"));
        return out;
      } else if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '+') {
        out.add(of(line, forwardOnly));
        if (out.get(out.size() - 1).kind() == Kind.ERROR) {
          return out;
        }
      }
      start = end + 1;
    }
    return out;
  }

  private static Instruction of(String line, boolean forwardOnly) {
    switch (line.charAt(0)) {
      case '.', '/':
        if (forwardOnly) {
          return error("Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)");
        }
        return new Instruction(line.endsWith("/") ? Kind.MAILDIR : Kind.MBOX, line);
      case '|':
        if (forwardOnly) {
          return error("Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)");
        }
        return new Instruction(Kind.COMMAND, line.substring(1));
      case '&':
        return new Instruction(Kind.FORWARD, line.substring(1));
      default:
        return new Instruction(Kind.FORWARD, line);
    }
  }

  private static Instruction error(String text) {
    return new Instruction(Kind.ERROR, text);
  }

  /** Without trailing blanks, and cut at a NUL, where qmail's C string ends. */
  private static String stripped(String text, int start, int end) {
    int stop = end;
    while (stop > start && (text.charAt(stop - 1) == ' ' || text.charAt(stop - 1) == '\t')) {
      stop--;
    }
    int nul = text.indexOf('\0', start);
    return text.substring(start, nul >= 0 && nul < stop ? nul : stop);
  }
}
