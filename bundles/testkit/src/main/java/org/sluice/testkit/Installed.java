package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What tests need that is not ours. {@code .ci/run} installs the programs: where it has run (it
 * sets CI), nothing of it may be missing. Of what the machine has or has not it says in CI_LACKS
 * what it did not find, as words.
 */
public final class Installed {
  private static final boolean CI = "true".equals(System.getenv("CI"));
  private static final List<String> PLACES =
      List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/");

  private Installed() {}

  /** Skips the test where somebody's own machine lacks a program. */
  public static void program(String name) {
    boolean there =
        PLACES.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory + name)));
    require(there, "program " + name);
  }

  /** Skips the test if something is missing, or fails it where that cannot be. */
  public static void require(boolean there, String what) {
    demand(there, CI, what + " is missing; .ci/run installs it");
  }

  /**
   * Skips the test if the machine has not what it needs, or fails it where {@code .ci/run} has
   * found that it has.
   *
   * @param word what CI_LACKS says
   */
  public static void machine(boolean there, String word) {
    String lacks = System.getenv().getOrDefault("CI_LACKS", "");
    boolean known = List.of(lacks.split(" ")).contains(word);
    demand(there, CI && !known, "this machine has too little for the test: " + word);
  }

  private static void demand(boolean there, boolean fail, String message) {
    if (fail) {
      assertTrue(there, message);
    } else {
      assumeTrue(there, message);
    }
  }
}
