package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.sluice.base.PathBytes;

/** The member {@code files} of a vector: the tree before the run (spec 40 section 21). */
public final class FilesBefore {
  private FilesBefore() {}

  /**
   * Makes the tree. The test is skipped if it has owners and this process may not give files away.
   */
  public static void make(Map<String, Object> files, Path root, Template template)
      throws IOException {
    Files.setAttribute(root, "unix:mode", 0755);
    Map<Path, Map<?, ?>> described = new TreeMap<>(Comparator.reverseOrder());
    for (var entry : files.entrySet()) {
      Path path =
          entry.getKey().equals(".")
              ? root
              : PathBytes.resolve(root, template.fill(entry.getKey()));
      Files.createDirectories(path.getParent());
      if (entry.getValue() instanceof Map<?, ?> description) {
        make(path, description, template);
        described.put(path, description);
      } else {
        Files.write(path, Vectors.bytes(template.fill(entry.getValue().toString())));
      }
    }
    // Deepest first: what a mode forbids has been done by then.
    for (var entry : described.entrySet()) {
      attributes(entry.getKey(), entry.getValue());
    }
  }

  private static void make(Path path, Map<?, ?> description, Template template) throws IOException {
    String type = description.containsKey("type") ? description.get("type").toString() : "file";
    switch (type) {
      case "dir" -> Files.createDirectories(path);
      case "symlink" ->
          Files.createSymbolicLink(
              path, PathBytes.of(template.fill(description.get("target").toString())));
      case "fifo" -> fifo(path);
      default -> {
        if (description.containsKey("hex")) {
          Files.write(path, HexFormat.of().parseHex(description.get("hex").toString()));
        } else {
          Files.write(path, Vectors.bytes(template.fill(description.get("content").toString())));
        }
      }
    }
  }

  private static void fifo(Path path) throws IOException {
    Process process = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "mkfifo hangs");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertEquals(0, process.exitValue(), "mkfifo " + path);
  }

  private static void attributes(Path path, Map<?, ?> description) throws IOException {
    if ("symlink".equals(description.get("type"))) {
      return;
    }
    if (description.get("owner") instanceof Long owner) {
      int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      Assumptions.assumeTrue(own == 0 || own == owner, "only root may give files away");
      Files.setAttribute(path, "unix:uid", owner.intValue());
    }
    if (description.get("mode") instanceof String mode) {
      Files.setAttribute(path, "unix:mode", Integer.parseInt(mode, 8));
    }
    if (description.get("mtime") instanceof Long seconds) {
      FileTime modified = FileTime.from(Instant.ofEpochSecond(seconds));
      Object atime = description.get("atime");
      FileTime read =
          atime instanceof Long other ? FileTime.from(Instant.ofEpochSecond(other)) : modified;
      Files.getFileAttributeView(path, BasicFileAttributeView.class).setTimes(modified, read, null);
    }
  }
}
