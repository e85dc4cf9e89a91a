package org.sluice.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The jars in the plugins/ of a home, and what its server does about them. */
record Jars(Path home) {
  private Path jar(String bundle) {
    return home.resolve("plugins/" + bundle + ".jar");
  }

  /** Puts the same jar in the place of a bundle's, which replaces the bundle. */
  void write(String bundle) throws IOException {
    Path next = home.resolve("next");
    Files.copy(jar(bundle), next, StandardCopyOption.REPLACE_EXISTING);
    Files.move(
        next, jar(bundle), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes it out of plugins/. */
  void take(String bundle) throws IOException {
    Files.move(jar(bundle), home.resolve(bundle));
  }

  void putBack(String bundle) throws IOException {
    Files.move(home.resolve(bundle), jar(bundle));
  }

  long updates(String bundle) throws IOException {
    return logged(bundle + ".jar updated: ");
  }

  void updated(String bundle, int times) throws Exception {
    Poll.until("update " + times, 60_000, () -> updates(bundle) == times);
  }

  /** How many lines of the log have a text. */
  long logged(String text) throws IOException {
    try (var lines = Files.lines(home.resolve("log/sluice"))) {
      return lines.filter(line -> line.contains(text)).count();
    }
  }
}
