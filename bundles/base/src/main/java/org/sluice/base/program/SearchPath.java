package org.sluice.base.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where commands look for programs first.
 *
 * @param programs the directory of our own programs, if it is known
 */
public record SearchPath(Optional<String> programs) {
  private static final String DEFAULT = "/usr/bin:/bin";

  /**
   * Of a distribution.
   *
   * @param dist its directory, or null
   */
  public static SearchPath of(String dist) {
    return new SearchPath(Optional.ofNullable(dist).map(d -> d + "/bin"));
  }

  /** The environment with that directory in front of PATH. */
  public Map<String, String> in(Map<String, String> environment) {
    if (programs.isEmpty()) {
      return environment;
    }
    var out = new HashMap<>(environment);
    out.merge("PATH", programs.get() + ":" + DEFAULT, (path, own) -> programs.get() + ":" + path);
    return out;
  }
}
