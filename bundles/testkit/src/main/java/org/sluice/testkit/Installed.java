package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code .ci/run} installs: where it has run (it sets CI), nothing of it may be missing. */
final class Installed {
  private static final boolean CI = "true".equals(System.getenv("CI"));

  private Installed() {}

  /** Skips the test where somebody's own machine lacks a program. */
  static void program(String name) {
    boolean there =
        List.of("/usr/bin/", "/usr/sbin/", "/bin/").stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory + name)));
    require(there, "program " + name);
  }

  /** Skips the test if something is missing, or fails it where that cannot be. */
  static void require(boolean there, String what) {
    String message = what + " is missing; .ci/run installs it";
    if (CI) {
      assertTrue(there, message);
    } else {
      assumeTrue(there, message);
    }
  }
}
