package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVersionTest {
  @TempDir Path directory;

  /** Does it until it shows: the clock of the file system ticks in milliseconds. */
  private static void changes(Path file, Change change) throws IOException {
    var before = FileVersion.of(file);
    for (int i = 0; i < 100_000 && FileVersion.of(file).equals(before); i++) {
      change.make();
    }
    assertNotEquals(before, FileVersion.of(file));
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  @Test
  void whatIsAnotherVersion() throws Exception {
    Path file = Files.writeString(directory.resolve("key"), "one");
    var time = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(file, time);
    assertEquals(FileVersion.of(file), FileVersion.of(file));
    // A key that the server could not read: its content and its time are what they were.
    changes(
        file,
        () -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----")));
    // As cp -p and rsync -t write one of the same length.
    changes(
        file,
        () -> {
          Files.writeString(file, "two");
          Files.setLastModifiedTime(file, time);
        });
    Files.delete(file);
    assertThrows(NoSuchFileException.class, () -> FileVersion.of(file));
    assertThrows(NoSuchFileException.class, () -> FileVersion.of(file.resolve("a/b")));
    Files.createFile(file);
    for (String below : new String[] {"a", "a/b"}) {
      var e = assertThrows(IOException.class, () -> FileVersion.of(file.resolve(below)));
      assertEquals("not a directory", SystemError.text(e), below);
    }
  }
}
