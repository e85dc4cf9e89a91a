package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The words as this system's own failures give them. */
class SystemErrorTest {
  @TempDir Path directory;

  private static String words(Executable call) {
    return SystemError.text(assertThrows(IOException.class, call));
  }

  @Test
  void ofFiles() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createFile(full.resolve("x"));
    assertEquals("file does not exist", words(() -> Files.readString(directory.resolve("no"))));
    assertEquals("file already exists", words(() -> Files.createFile(file)));
    assertEquals("not a directory", words(() -> Files.readString(file.resolve("x"))));
    assertEquals("not a directory", words(() -> Files.newDirectoryStream(file)));
    assertEquals("is a directory", words(() -> Files.writeString(full, "x")));
    assertEquals("directory not empty", words(() -> Files.delete(full)));
    assertEquals("symbolic link loop", words(() -> Files.readString(loop)));
    assertEquals("symbolic link loop", words(() -> Files.getAttribute(loop, "unix:mode")));
    assertEquals(
        "file name too long", words(() -> Files.readString(directory.resolve("x".repeat(300)))));
  }

  @Test
  void ofStreams() throws IOException {
    assertEquals(
        "is a directory", words(() -> new java.io.FileOutputStream(directory.toFile(), true)));
    assertEquals(
        "file does not exist",
        words(() -> new java.io.FileInputStream(directory.resolve("no").toFile())));
  }

  @Test
  void ofWrites() throws IOException {
    try (var full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      assertEquals(
          "out of disk space", words(() -> full.write(java.nio.ByteBuffer.wrap(new byte[1]))));
    }
    try (var none = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      assertEquals("invalid argument", words(() -> none.force(true)));
    }
  }

  @Test
  void ofProcesses() {
    assertEquals("file does not exist", words(() -> new ProcessBuilder("/no/such").start()));
    assertEquals(
        "access denied",
        SystemError.text(new IOException("Cannot run program \"x\": error=13, Permission denied")));
    assertEquals(
        "access denied",
        SystemError.text(
            new IOException(
                "Cannot run program \"x\": Exec failed, error: 13 (Permission denied) ")));
  }

  @Test
  void onlyWhatIsKnownToLastIsPermanent() {
    assertFalse(SystemError.temporary(new FileSystemException("f", null, "Not a directory")));
    assertTrue(SystemError.temporary(new FileSystemException("f", null, "Input/output error")));
    assertTrue(SystemError.temporary(new IOException("No space left on device")));
    assertTrue(SystemError.temporary(new IOException("Auf dem Gerät ist kein Platz mehr")));
    assertTrue(SystemError.temporary(new IOException()));
    assertTrue(SystemError.denied(new FileSystemException("f", null, "Operation not permitted")));
  }
}
