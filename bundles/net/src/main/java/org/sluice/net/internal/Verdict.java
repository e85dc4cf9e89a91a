package org.sluice.net.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a rule says: go away, or come in with these variables (spec 20 section 4.6). */
public record Verdict(boolean denied, Map<String, String> variables) {
  /** Comes in, with nothing set. */
  public static final Verdict ALLOW = new Verdict(false, Map.of());

  /** What the instructions of a rule say. */
  static Verdict of(Rules.Match rule) {
    boolean denied = false;
    var variables = new LinkedHashMap<String, String>();
    for (String entry : rule.entries()) {
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
