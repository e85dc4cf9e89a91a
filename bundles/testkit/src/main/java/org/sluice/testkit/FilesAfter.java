package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.base.PathBytes;

/** The member {@code files_after} of a vector: the complete tree after the run. */
public final class FilesAfter {
  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;

  private FilesAfter() {}

  /** Asserts that the vector's tree and no other file is there; nothing if it names none. */
  public static void check(Map<String, Object> vector, Path root, Template template)
      throws IOException {
    if (vector.containsKey("files_after")) {
      tree(Vectors.object(vector, "files_after"), root, template);
    }
  }

  /** Asserts that exactly these files are there, with their types, modes and contents. */
  public static void tree(Map<String, Object> expected, Path root, Template template)
      throws IOException {
    Map<String, Path> there = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      paths.forEach(path -> there.put(name(root, path), path));
    }
    for (var entry : expected.entrySet()) {
      String name =
          there.keySet().stream()
              .filter(candidate -> template.matches(entry.getKey(), candidate))
              .findFirst()
              .orElseGet(() -> fail(entry.getKey() + " is missing: " + there.keySet()));
      if (entry.getValue() instanceof Map<?, ?> description) {
        file(description, there.remove(name), template, name);
      } else {
        template.check(entry.getValue().toString(), content(there.remove(name)), name);
      }
    }
    // A tree may be described without its root.
    there.remove(".");
    assertEquals(Map.of(), there, "files that should not be there");
  }

  private static String name(Path root, Path path) {
    return path.equals(root) ? "." : PathBytes.bytes(root.relativize(path));
  }

  private static void file(Map<?, ?> expected, Path path, Template template, String name)
      throws IOException {
    String type = expected.containsKey("type") ? expected.get("type").toString() : "file";
    if (type.equals("any")) {
      return;
    }
    assertEquals(type, type(path), "type of " + name);
    switch (type) {
      case "symlink" ->
          template.check(
              expected.get("target").toString(),
              PathBytes.bytes(Files.readSymbolicLink(path)),
              "target of " + name);
      case "file" -> content(expected, path, template, name);
      default -> {}
    }
    if (!type.equals("symlink") && expected.get("mode") instanceof String mode) {
      assertEquals(mode, String.format("%04o", mode(path) & ~TYPE), "mode of " + name);
    }
    if (expected.get("mtime") instanceof Long seconds) {
      assertEquals(seconds, Files.getLastModifiedTime(path).toMillis() / 1000, "time of " + name);
    }
  }

  private static void content(Map<?, ?> expected, Path path, Template template, String name)
      throws IOException {
    if (expected.get("hex") instanceof String hex) {
      assertEquals(hex, HexFormat.of().formatHex(Vectors.bytes(content(path))), name);
    } else {
      template.check(expected.get("content").toString(), content(path), name);
    }
  }

  /** Also of a file whose mode lets its owner not read it. */
  private static String content(Path path) throws IOException {
    int mode = mode(path);
    Files.setAttribute(path, "unix:mode", mode | 0400);
    try {
      return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    } finally {
      Files.setAttribute(path, "unix:mode", mode);
    }
  }

  private static String type(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "symlink";
    }
    if (Files.isDirectory(path)) {
      return "dir";
    }
    return (mode(path) & TYPE) == FIFO ? "fifo" : "file";
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }
}
