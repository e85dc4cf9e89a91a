package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathBytesTest {
  /** Not UTF-8, so that no JVM of ours can make it from a string. */
  private static final String RAW = ".qmail-caf\u00e9 %41\u0080";

  @TempDir Path directory;

  @Test
  void thereAndBack() {
    assertEquals("/a b/%41", PathBytes.bytes(PathBytes.of("/a b/%41")));
    assertEquals(directory.resolve("x"), PathBytes.resolve(directory, "./x").normalize());
    assertThrows(InvalidPathException.class, () -> PathBytes.of("a\0b"));
  }

  @Test
  void namesThatCannotBeExpressedAreFoundInAListing() throws Exception {
    make("sub\\351/");
    make(".qmail-caf\\351 %%41\\200");
    Path found = PathBytes.find(directory, RAW).orElseThrow();
    assertEquals("x", Files.readString(found));
    assertEquals(RAW, PathBytes.bytes(found.getFileName()));
    assertEquals(PathBytes.bytes(directory) + "/" + RAW, PathBytes.bytes(found));
    assertTrue(Files.isDirectory(PathBytes.find(directory, "sub\u00e9").orElseThrow()));
  }

  @Test
  void whatIsBelowAnInexpressibleNameIsFoundToo() throws Exception {
    make("sub\\351/");
    make("sub\\351/x\\351/");
    make("sub\\351/x\\351/file");
    for (String name :
        List.of(
            "sub\u00e9/x\u00e9/file",
            "sub\u00e9//x\u00e9///file",
            "sub\u00e9/./x\u00e9/../x\u00e9/file",
            directory + "//sub\u00e9/x\u00e9/file")) {
      assertEquals("x", Files.readString(PathBytes.find(directory, name).orElseThrow()), name);
    }
    assertTrue(Files.isDirectory(PathBytes.find(directory, "sub\u00e9//").orElseThrow()));
    assertEquals(Optional.empty(), PathBytes.find(directory, "caf\u00e9/sub"));
    assertEquals(Optional.empty(), PathBytes.find(directory, "/caf\u00e9\u0080/sub/"));
    assertFalse(Files.exists(PathBytes.find(directory, "sub\u00e9/absent").orElseThrow()));
  }

  @Test
  void otherNamesNeedNotBeThere() throws IOException {
    Path absent = PathBytes.find(directory, "absent/a").orElseThrow();
    assertFalse(Files.exists(absent));
    assertEquals(Optional.empty(), PathBytes.find(directory, "caf\u00e9\u0080"));
    assertEquals(Optional.empty(), PathBytes.find(directory, "absent/caf\u00e9\u0080"));
    assertEquals(Optional.empty(), PathBytes.find(directory, "nul\0"));
  }

  @Test
  void noFileHasTheEmptyName() throws IOException {
    Path nothing = PathBytes.resolve(directory, "");
    assertEquals(nothing, PathBytes.find(directory, "").orElseThrow());
    assertThrows(NoSuchFileException.class, () -> Files.newInputStream(nothing));
    assertThrows(NoSuchFileException.class, () -> Files.newOutputStream(nothing));
    assertThrows(NoSuchFileException.class, () -> Files.createDirectory(nothing));
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThrows(NoSuchFileException.class, () -> Files.move(file, nothing));
  }

  /** Through the shell, which can name it. */
  private void make(String escaped) throws IOException, InterruptedException {
    String command =
        escaped.endsWith("/")
            ? "mkdir \"$(printf '" + escaped + "')\""
            : "printf x > \"$(printf '" + escaped + "')\"";
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(directory.toFile())
            .inheritIO()
            .start();
    assertTrue(shell.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, shell.exitValue());
  }
}
