package org.sluice.plugins.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * A jar in one of the directories. It is read when it looks the same in two scans one after the
 * other, so that most copies are whole by then; and forgotten when two do not see it, so that what
 * replaces it may remove it first. Changed by one thread, looked at by any.
 */
final class PluginFile {
  private final Path path;
  private String seen = "";
  private String handled = "";
  private int absences;
  private Optional<PluginJar> good = Optional.empty();
  private Optional<FileTime> written = Optional.empty();
  private boolean touched;
  private volatile String trouble = "";

  PluginFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** What it held when it could be used last; empty if it never could. */
  Optional<PluginJar> good() {
    return good;
  }

  boolean holds(String identity) {
    return good.isPresent() && good.get().identity().equals(identity);
  }

  /** Why it is not used as it is; empty if nothing is wrong. */
  String trouble() {
    return trouble;
  }

  /** The state in which the last scan found it. */
  String seen() {
    return seen;
  }

  /** A scan has not found it; true if it is gone. */
  boolean absent() {
    return ++absences > 1;
  }

  /**
   * A scan has found it.
   *
   * @param state changes whenever the file does
   * @param now whether not to wait for the next scan
   * @return whether it is to be read
   */
  boolean present(String state, boolean now) {
    absences = 0;
    boolean steady = now || state.equals(seen);
    seen = state;
    if (!steady || state.equals(handled)) {
      return false;
    }
    handled = state;
    return true;
  }

  /** Reads it again at the next scan, whether it changes or not. */
  void again() {
    handled = "";
  }

  void read(Path copy) throws IOException {
    Optional<FileTime> now = Optional.of(Files.getLastModifiedTime(path));
    use(Optional.of(PluginJar.read(path, copy)));
    touched = written.isPresent() && !written.equals(now);
    written = now;
    trouble = "";
  }

  /** Whether it was written again since this was asked last, perhaps with what it held before. */
  boolean touched() {
    boolean since = touched;
    touched = false;
    return since;
  }

  /** What it counts as from now on. */
  void use(Optional<PluginJar> jar) {
    good.filter(before -> !jar.equals(good)).ifPresent(PluginJar::discard);
    good = jar;
  }

  /** True if that is news. */
  boolean complain(String why) {
    boolean news = !why.equals(trouble);
    trouble = why;
    return news;
  }
}
