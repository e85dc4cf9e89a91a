package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @Test
  void secondOpenerIsRefusedUntilTheFirstCloses(@TempDir Path directory) throws IOException {
    try (var first = new DirectoryLock(directory)) {
      var refused = assertThrows(IOException.class, () -> new DirectoryLock(directory));
      assertTrue(refused.getMessage().contains("open"), first + refused.getMessage());
    }
    try (var again = new DirectoryLock(directory)) {
      assertTrue(Files.exists(directory.resolve("lock")), again.toString());
    }
  }
}
