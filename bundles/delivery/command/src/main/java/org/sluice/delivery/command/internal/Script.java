package org.sluice.delivery.command.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code sh -c} gets. ProcessBuilder cannot pass octets above 127 in arguments, environment or
 * directory (LIBRARIES.md, trap 4), so such values are made by the shell itself, from octal
 * escapes.
 */
final class Script {
  private final StringBuilder text = new StringBuilder();

  private Script() {}

  /** The command with everything that must precede it. */
  static String of(String command, Map<String, String> environment, String home, Limits limits) {
    var script = new Script();
    // qmail-local's umask; the JVM's own cannot be set from Java.
    script.text.append("umask 077\n").append(limits.script());
    if (!ascii(home)) {
      script.assign("_sluice", home);
      script.text.append("cd -- \"$_sluice\" || exit 111\n");
    }
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!ascii(value)) {
                script.assign(name, value);
                script.text.append("export ").append(name).append('\n');
              }
            });
    if (ascii(command)) {
      return script.text.append(command).toString();
    }
    script.assign("_sluice", command);
    return script.text.append("exec /bin/sh -c \"$_sluice\"").toString();
  }

  /** Whether ProcessBuilder passes it unchanged. */
  static boolean ascii(String value) {
    return value.chars().allMatch(c -> c < 128);
  }

  /** The x keeps LFs at the end, which command substitution would drop. */
  private void assign(String name, String value) {
    text.append(name).append("=$(printf '");
    for (byte b : value.getBytes(StandardCharsets.ISO_8859_1)) {
      text.append(String.format("\\%03o", b & 0xff));
    }
    text.append("x'); ").append(name).append("=${").append(name).append("%x}\n");
  }
}
