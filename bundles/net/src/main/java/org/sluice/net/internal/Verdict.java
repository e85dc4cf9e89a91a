package org.sluice.net.internal;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a rule says: go away, or come in with these variables (spec 20 section 4.6). */
record Verdict(boolean denied, Map<String, String> variables) {
  static final Verdict ALLOW = new Verdict(false, Map.of());

  /** Reads the data of a rule's record. */
  static Verdict parse(byte[] data) {
    boolean denied = false;
    var variables = new LinkedHashMap<String, String>();
    int start = 0;
    for (int i = 0; i < data.length; i++) {
      if (data[i] != 0) {
        continue; // a tail without its NUL is never reached, and so ignored
      }
      // Values are octets; Latin-1 keeps each of them as it is.
      String entry = new String(data, start, i - start, StandardCharsets.ISO_8859_1);
      start = i + 1;
      if (entry.startsWith("D")) {
        denied = true;
      } else if (entry.startsWith("+")) {
        int equals = entry.indexOf('=');
        if (equals > 0) {
          variables.put(entry.substring(1, equals), entry.substring(equals + 1));
        }
      }
    }
    return new Verdict(denied, Map.copyOf(variables));
  }
}
