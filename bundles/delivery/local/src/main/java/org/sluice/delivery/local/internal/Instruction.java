package org.sluice.delivery.local.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a .qmail file that means something (spec 40 section 7.2).
 *
 * @param kind what is to be done
 * @param agent the agent that does it
 * @param text a path, a command, an address, an argument or, for {@link Kind#ERROR}, what is wrong
 * @param printed the line under option -n
 */
record Instruction(Kind kind, String agent, String text, String printed) {
  /** What a line asks for. */
  enum Kind {
    FILE,
    PROGRAM,
    FORWARD,
    /** The file is wrong from here on; what precedes is still carried out. */
    ERROR
  }

  /** Ours, not qmail's: an agent of its own, which counts as a program. */
  private static final Pattern OWN =
      Pattern.compile("!([a-z0-9][a-z0-9_.-]*)(?:[ \t]+(.*))?", Pattern.DOTALL);

  /** Reads all lines, up to the first that is wrong. */
  static List<Instruction> parse(String text, boolean executable) {
    var out = new ArrayList<Instruction>();
    boolean forwardOnly = executable;
    int start = 0;
    while (start < text.length() || start == 0) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      String line = stripped(text, start, end);
      String string = cut(line);
      if (string.equals("+list")) {
        forwardOnly = true;
      } else if (string.isEmpty() && start == 0) {
        out.add(error("Uh-oh: first line of .qmail file is blank. (#4.2.1)"));
        return out;
      } else if (!string.isEmpty() && string.charAt(0) != '#' && string.charAt(0) != '+') {
        Instruction next = of(line, string, forwardOnly);
        out.add(next);
        if (next.kind == Kind.ERROR) {
          return out;
        }
      }
      start = end + 1;
    }
    return out;
  }

  private static Instruction of(String line, String string, boolean forwardOnly) {
    switch (line.charAt(0)) {
      case '.', '/':
        if (forwardOnly) {
          return error("Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)");
        }
        String agent = line.endsWith("/") ? "maildir" : "mbox";
        return new Instruction(Kind.FILE, agent, string, agent + " " + line);
      case '|':
        return program("command", string.substring(1), line.substring(1), forwardOnly);
      case '&':
        return forward(string.substring(1), line.substring(1));
      case '!':
        Matcher own = OWN.matcher(string);
        if (own.matches()) {
          String argument = own.group(2) == null ? "" : own.group(2);
          return program(own.group(1), argument, line, forwardOnly);
        }
        return forward(string, line);
      default:
        return forward(string, line);
    }
  }

  private static Instruction program(String agent, String text, String line, boolean forwardOnly) {
    return forwardOnly
        ? error("Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)")
        : new Instruction(Kind.PROGRAM, agent, text, "program " + line);
  }

  private static Instruction forward(String address, String line) {
    return new Instruction(Kind.FORWARD, "forward", address, "forward " + line);
  }

  private static Instruction error(String text) {
    return new Instruction(Kind.ERROR, "", text, "");
  }

  /** Without trailing blanks. */
  private static String stripped(String text, int start, int end) {
    int stop = end;
    while (stop > start && (text.charAt(stop - 1) == ' ' || text.charAt(stop - 1) == '\t')) {
      stop--;
    }
    return text.substring(start, stop);
  }

  /** Cut at a NUL, where qmail's C string ends. */
  private static String cut(String line) {
    int nul = line.indexOf('\0');
    return nul < 0 ? line : line.substring(0, nul);
  }
}
