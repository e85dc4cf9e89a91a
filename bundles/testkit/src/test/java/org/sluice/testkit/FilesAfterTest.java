package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** A check that finds nothing wrong is worth something only if it would have. */
class FilesAfterTest {
  @TempDir Path root;

  private static final Map<String, Object> TREE =
      Map.of(
          ".", Map.of("type", "dir", "mode", "1755"),
          "d", Map.of("type", "dir", "mode", "0700"),
          "d/f", Map.of("content", "{home}\u00ff", "mode", "0200"),
          "l", Map.of("type", "symlink", "target", "nowhere"),
          "p", Map.of("type", "fifo", "mode", "0600"),
          "h", Map.of("hex", "00ff", "mode", "0640", "mtime", 1000000000L));

  private void check(Map<String, Object> expected) throws IOException {
    FilesAfter.tree(expected, root, new Template().value("home", root));
  }

  private void differs(String name, Object other) {
    var changed = new java.util.HashMap<>(TREE);
    changed.put(name, other);
    assertThrows(AssertionFailedError.class, () -> check(changed), name);
  }

  @Test
  void whatIsMadeIsFoundAndDifferencesAreSeen() throws IOException {
    FilesBefore.make(TREE, root, new Template().value("home", root));
    check(TREE);
    differs("d/f", Map.of("content", "{home}\u00ff", "mode", "0600"));
    differs("d/f", Map.of("content", "{home}\u00fe", "mode", "0200"));
    differs("h", Map.of("hex", "00ff", "mode", "0640", "mtime", 1000000001L));
    differs("l", Map.of("type", "symlink", "target", "elsewhere"));
    differs("p", Map.of("content", ""));
    differs("missing", Map.of("type", "dir"));
    Files.createFile(root.resolve("surplus"));
    assertThrows(AssertionFailedError.class, () -> check(TREE));
  }

  @Test
  void placeholders() {
    var template = new Template().value("home", "/a{QP}$1");
    assertEquals("/a{QP}$1/{UNIQ}", template.fill("{home}/{UNIQ}"));
    assertTrue(template.matches("new/{UNIQ}", "new/12.3.host.example"));
    assertFalse(template.matches("new/{UNIQ}", "new/12.host"));
    assertTrue(template.matches("From x {DATE}\n\\E.", "From x Wed Nov 04 11:46:07 2026\n\\E."));
    assertFalse(template.matches("From x {DATE}\n", "From x Wed Nov  4 11:46:07 2026\n"));
    assertTrue(template.form("N", "[ab]").matches("{N}{x}", "a{x}"));
  }
}
