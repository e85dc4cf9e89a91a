package org.sluice.tools.door.client;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The environment that {@code bin/program} was given; strings of bytes (ISO-8859-1). */
final class CallerEnvironment {
  private CallerEnvironment() {}

  /**
   * That of this process, and what the shell between has left out because the name is none to it.
   *
   * @param pairs {@code NAME=value} of this process
   * @param descriptor on which the shell's own environment can be read, in hexadecimal digits; null
   *     if nothing was left out
   */
  static Map<String, String> of(List<String> pairs, String descriptor) throws IOException {
    Map<String, String> environment = new HashMap<>();
    if (descriptor != null) {
      put(Main.split(read("/proc/self/fd/" + descriptor)), environment);
      environment.keySet().removeIf(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
    }
    put(pairs, environment);
    return environment;
  }

  private static void put(List<String> pairs, Map<String, String> environment) {
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        environment.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
  }

  /** A pipe: FileInputStream's ways to read all at once ask where in the file they are. */
  private static String read(String file) throws IOException {
    var digits = new ByteArrayOutputStream();
    try (var in = new FileInputStream(file)) {
      byte[] block = new byte[4_096];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digits.write(block, 0, n);
      }
    }
    String hex = digits.toString(StandardCharsets.US_ASCII).strip();
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
