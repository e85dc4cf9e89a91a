package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExistenceTest {
  @TempDir Path directory;

  @Test
  void onlyWhatIsSurelyMissing() throws IOException {
    boolean tells = Runtime.version().feature() >= 20;
    Path file = Files.createFile(directory.resolve("file"));
    Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("none"));
    assertEquals(tells, Existence.missing(directory.resolve("none")));
    assertEquals(tells, Existence.missing(dangling));
    assertFalse(Existence.missing(file));
    assertFalse(Existence.missing(loop));
    assertFalse(Existence.missing(file.resolve("x")));
  }
}
