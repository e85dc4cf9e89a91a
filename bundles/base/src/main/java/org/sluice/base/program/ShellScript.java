package org.sluice.base.program;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What {@code sh -c} gets when a process cannot be started directly: ProcessBuilder passes neither
 * octets above 127 in arguments and environment (LIBRARIES.md, trap 4) nor descriptors above 2. The
 * shell makes such values from octal escapes, and opens the descriptors, then it is replaced by the
 * program. Words are never parsed as shell syntax.
 */
public final class ShellScript {
  private final StringBuilder text = new StringBuilder();

  /** Whether ProcessBuilder passes it unchanged. */
  public static boolean ascii(String value) {
    return value.chars().allMatch(c -> c < 128);
  }

  /** Exports those variables that the process cannot be given otherwise. */
  public ShellScript export(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (!ascii(value) && name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            assign(name, value);
            text.append("export ").append(name).append('\n');
          }
        });
    return this;
  }

  /** Commands of ours, each with LF. */
  public ShellScript add(String commands) {
    text.append(commands);
    return this;
  }

  /** Changes the directory, for one whose name the process cannot be given otherwise. */
  public ShellScript directory(String path) {
    if (!ascii(path)) {
      assign("_sluice", path);
      text.append("cd -- \"$_sluice\" || exit 111\n");
    }
    return this;
  }

  /** Goes on with a command line, which is shell syntax. */
  public String command(String line) {
    if (ascii(line)) {
      return text.append(line).toString();
    }
    assign("_sluice", line);
    return text.append("exec /bin/sh -c \"$_sluice\"").toString();
  }

  /**
   * Says the number of the process, which is the program's too, on descriptor 1 and leaves that.
   */
  ShellScript number() {
    text.append("echo $$; exec >>/dev/null\n");
    return this;
  }

  /** Opens a descriptor: {@code redirection} is {@code <} or {@code >}. */
  ShellScript open(int descriptor, String redirection, String path) {
    text.append("exec ").append(descriptor).append(redirection).append(word(path)).append('\n');
    return this;
  }

  /** Closes a descriptor. */
  ShellScript close(int descriptor) {
    text.append("exec ").append(descriptor).append("<&-\n");
    return this;
  }

  /** Replaces the shell by a program. */
  String exec(List<String> argv) {
    text.append("exec");
    for (int i = 0; i < argv.size(); i++) {
      if (ascii(argv.get(i))) {
        text.append(' ').append(word(argv.get(i)));
      } else {
        text.insert(0, assignment("_sluice" + i, argv.get(i)));
        text.append(" \"$_sluice").append(i).append('"');
      }
    }
    return text.toString();
  }

  private void assign(String name, String value) {
    text.append(assignment(name, value));
  }

  /** The x keeps LFs at the end, which command substitution would drop. */
  private static String assignment(String name, String value) {
    var out = new StringBuilder(name).append("=$(printf '");
    for (byte b : value.getBytes(StandardCharsets.ISO_8859_1)) {
      out.append(String.format("\\%03o", b & 0xff));
    }
    return out.append("x'); ").append(name).append("=${").append(name).append("%x}\n").toString();
  }

  private static String word(String ascii) {
    return "'" + ascii.replace("'", "'\\''") + "'";
  }
}
