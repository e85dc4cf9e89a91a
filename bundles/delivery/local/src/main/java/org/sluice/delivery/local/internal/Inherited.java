package org.sluice.delivery.local.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What commands inherit of the server's environment. qmail's boot scripts start with an empty one
 * and set PATH (spec 40 section 20); a server's may hold secrets, so only named variables pass,
 * unless it is qmail-start that has started it.
 */
final class Inherited {
  private Inherited() {}

  /** The variables of these names that are set. */
  static Map<String, String> of(String... names) {
    var out = new HashMap<String, String>();
    Arrays.stream(names)
        .forEach(
            name -> {
              String value = System.getenv(name);
              if (value != null) {
                out.put(name, value);
              }
            });
    return out;
  }
}
