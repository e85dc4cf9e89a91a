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
  /** The longest pause between two tries, in scans. */
  private static final int LONGEST = 15;

  /** What it never was written at. */
  private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);

  private final Path path;
  private String seen = "";
  private String handled = "";
  private int absences;
  private int pause;
  private int wait;
  private Optional<PluginJar> good = Optional.empty();
  private Optional<FileTime> written = Optional.empty();
  private boolean touched;
  private volatile String trouble = "";
  private String told = "";

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
    boolean same = state.equals(seen);
    seen = state;
    if (!same) {
      told = pause > 0 ? "" : told;
      pause = 0;
      wait = 0;
    }
    if (!(same || now) || state.equals(handled) || wait-- > 0) {
      return false;
    }
    handled = state;
    return true;
  }

  /**
   * Reads it again, whether it changes or not: at the next scan, and if it still does not go well
   * after pauses that grow.
   */
  void again() {
    handled = "";
    wait = pause;
    pause = Math.min(2 * pause + 1, LONGEST);
  }

  /** Whether it is to be read again. */
  boolean pending() {
    return handled.isEmpty();
  }

  void read(Path copy) throws IOException {
    Optional<FileTime> now = Optional.of(Files.getLastModifiedTime(path));
    use(Optional.of(PluginJar.read(path, copy)));
    touched = written.isPresent() && !written.equals(now);
    written = now;
    trouble = "";
    told = pause > 0 ? told : "";
  }

  /** The restart that was asked for is still to be done when it has been read again. */
  void owe() {
    written = Optional.of(NEVER);
  }

  /** Whether it was written again since this was asked last, perhaps with what it held before. */
  boolean touched() {
    boolean since = touched;
    touched = false;
    return since;
  }

  /** Whether something was told of it since it was well, and so its recovery is news. */
  boolean complained() {
    return !told.isEmpty();
  }

  /** What it counts as from now on. */
  void use(Optional<PluginJar> jar) {
    good.filter(before -> !jar.equals(good)).ifPresent(PluginJar::discard);
    good = jar;
  }

  /** True if that is news; at each try the numbers of bundles and copies in it are others. */
  boolean complain(String why) {
    String plain = why.replaceAll("[0-9]+", "#");
    boolean news = !plain.equals(told);
    trouble = why;
    told = plain;
    return news;
  }
}
