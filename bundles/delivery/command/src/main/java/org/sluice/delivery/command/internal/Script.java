package org.sluice.delivery.command.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code sh -c} gets. ProcessBuilder cannot pass octets above 127 in arguments or environment
 * (LIBRARIES.md, trap 4), so such values are made by the shell itself, from octal escapes.
 */
final class Script {
  private Script() {}

  /** The command with everything that must precede it. */
  static String of(String command, Map<String, String> environment) {
    // qmail-local's umask; the JVM's own cannot be set from Java.
    var out = new StringBuilder("umask 077\n");
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!ascii(value)) {
                assign(out, name, value);
                out.append("export ").append(name).append('\n');
              }
            });
    if (ascii(command)) {
      return out.append(command).toString();
    }
    assign(out, "_sluice", command);
    return out.append("exec /bin/sh -c \"$_sluice\"").toString();
  }

  /** Whether ProcessBuilder passes it unchanged. */
  static boolean ascii(String value) {
    return value.chars().allMatch(c -> c < 128);
  }

  /** The x keeps LFs at the end, which command substitution would drop. */
  private static void assign(StringBuilder out, String name, String value) {
    out.append(name).append("=$(printf '");
    for (byte b : value.getBytes(StandardCharsets.ISO_8859_1)) {
      out.append(String.format("\\%03o", b & 0xff));
    }
    out.append("x'); ").append(name).append("=${").append(name).append("%x}\n");
  }
}
