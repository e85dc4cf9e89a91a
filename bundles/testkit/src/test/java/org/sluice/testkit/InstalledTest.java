package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class InstalledTest {
  /** A skipped test says nothing; where all is installed it must not be skipped. */
  @Test
  void whatIsMissingFailsATestWhereAllIsInstalled() {
    var expected =
        "true".equals(System.getenv("CI"))
            ? AssertionFailedError.class
            : TestAbortedException.class;
    assertThrows(expected, () -> Installed.program("no-such-program"));
    assertThrows(expected, () -> Installed.require(false, "nothing"));
    assertThrows(expected, () -> Installed.machine(false, "a-thousand-processors"));
    assertDoesNotThrow(() -> Installed.program("sh"));
    assertDoesNotThrow(() -> Installed.machine(true, "ipv6"));
  }
}
