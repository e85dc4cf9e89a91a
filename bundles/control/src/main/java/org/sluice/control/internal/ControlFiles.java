package org.sluice.control.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.sluice.api.control.Control;
import org.sluice.base.Ascii;
import org.sluice.base.ControlLines;
import org.sluice.control.cdb.Cdb;

/**
 * Control files by qmail's reading rules (spec 10 section 20), looked at a hundred times a second.
 */
public class ControlFiles implements Control {
  /** No longer than an operator needs from an edit to the connection that shall see it. */
  private static final long CHECK_NANOS = 10_000_000L;

  /** Coarser than any file system's clock; within it, two versions may have the same time. */
  private static final long SETTLED_MILLIS = 100;

  /** One version of a file; all readings of it are made once. A whole one ends its last line. */
  private record Version(
      Object key,
      long checked,
      boolean exists,
      boolean whole,
      String line,
      List<String> list,
      Set<String> set,
      Map<String, String> map) {
    Version checkedAt(long now) {
      return new Version(key, now, exists, whole, line, list, set, map);
    }
  }

  /** The key of what was written just now: of one version only, as there may be another at once. */
  private static final class Young {}

  /** A version of a database, or of there being none. */
  private record Opened(Object key, long checked, Optional<Cdb> cdb) {}

  private final Path home;
  private final LongSupplier nanos;
  private final LongSupplier millis;
  private final ConcurrentMap<String, Version> versions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Opened> databases = new ConcurrentHashMap<>();

  /**
   * In the directory {@code control} of a home directory.
   *
   * @param nanos a clock like {@link System#nanoTime}
   */
  public ControlFiles(Path home, LongSupplier nanos) {
    this(home, nanos, System::currentTimeMillis);
  }

  ControlFiles(Path home, LongSupplier nanos, LongSupplier millis) {
    this.home = home;
    this.nanos = nanos;
    this.millis = millis;
  }

  /** Closes the databases. */
  void close() throws IOException {
    for (Opened opened : databases.values()) {
      if (opened.cdb().isPresent()) {
        opened.cdb().get().close();
      }
    }
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public Optional<String> line(String name) throws IOException {
    Version version = version(name);
    return version.exists() ? Optional.of(version.line()) : Optional.empty();
  }

  @Override
  public String lineOrMe(String name) throws IOException {
    Optional<String> own = line(name);
    return own.isPresent() ? own.get() : line("me").orElse(name);
  }

  @Override
  public long number(String name, long defaultValue) throws IOException {
    String line = line(name).orElse("");
    int end = 0;
    while (end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
      end++;
    }
    if (end == 0) {
      return defaultValue;
    }
    return end > 18 ? Long.MAX_VALUE : Long.parseLong(line.substring(0, end));
  }

  @Override
  public Optional<List<String>> list(String name) throws IOException {
    Version version = version(name);
    return version.exists() ? Optional.of(version.list()) : Optional.empty();
  }

  @Override
  public Optional<Set<String>> set(String name) throws IOException {
    Version version = version(name);
    return version.exists() ? Optional.of(version.set()) : Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> map(String name) throws IOException {
    Version version = version(name);
    return version.exists() ? Optional.of(version.map()) : Optional.empty();
  }

  @Override
  public Optional<Database> database(String name) throws IOException {
    Opened known = databases.get(name);
    long now = nanos.getAsLong();
    if (known == null || now - known.checked() >= CHECK_NANOS) {
      Object key = key(name);
      // The old one stays open for the sessions that have it; the garbage collector closes it.
      boolean same = known != null && Objects.equals(known.key(), key);
      known = new Opened(key, now, same ? known.cdb() : open(name, key));
      databases.put(name, known);
    }
    return known.cdb().map(cdb -> key -> get(cdb, key));
  }

  private Optional<Cdb> open(String name, Object key) throws IOException {
    try {
      return key == null ? Optional.empty() : Optional.of(Cdb.open(path(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // gone since
    }
  }

  private static Optional<String> get(Cdb cdb, String key) throws IOException {
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    return cdb.get(bytes).map(data -> new String(data, StandardCharsets.ISO_8859_1));
  }

  private Path path(String name) {
    return home.resolve("control").resolve(name);
  }

  private Version version(String name) throws IOException {
    Version known = versions.get(name);
    long now = nanos.getAsLong();
    if (known != null && now - known.checked() < CHECK_NANOS) {
      return known;
    }
    Object key = key(name);
    if (known != null && Objects.equals(known.key(), key)) {
      known = known.checkedAt(now);
    } else {
      Version next = read(name, key, now);
      known = known != null && half(known, next) ? known.checkedAt(now) : next;
    }
    versions.put(name, known);
    return known;
  }

  /**
   * Whether somebody may be writing it: an editor has emptied it, or has come no further than into
   * the midst of a line. Mail must not be sent away because {@code locals} is empty for a moment.
   */
  private static boolean half(Version known, Version next) {
    return known.exists() && next.key() instanceof Young && !next.whole();
  }

  private Object key(String name) throws IOException {
    try {
      var attributes = Files.readAttributes(path(name), BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new IOException("control/" + name + ": not a regular file"); // a FIFO blocks for ever
      }
      var time = attributes.lastModifiedTime();
      long age = millis.getAsLong() - time.toMillis();
      if (age >= 0 && age < SETTLED_MILLIS) {
        return new Young(); // it may be written again without looking different: read it again
      }
      return List.of(String.valueOf(attributes.fileKey()), time, attributes.size());
    } catch (NoSuchFileException e) {
      return null; // a missing file has no version: the default applies
    }
  }

  private Version read(String name, Object key, long now) throws IOException {
    if (key == null) {
      return new Version(null, now, false, true, "", List.of(), Set.of(), Map.of());
    }
    String text = Files.readString(path(name), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String line = ControlLines.trim(end < 0 ? text : text.substring(0, end));
    List<String> list = ControlLines.lines(text);
    Set<String> set = new HashSet<>();
    Map<String, String> map = new LinkedHashMap<>();
    for (String entry : list) {
      set.add(Ascii.lower(entry));
      int colon = entry.indexOf(':');
      if (colon >= 0) {
        map.put(Ascii.lower(entry.substring(0, colon)), entry.substring(colon + 1));
      }
    }
    boolean whole = text.endsWith("\n");
    return new Version(
        key, now, true, whole, line, List.copyOf(list), Set.copyOf(set), Map.copyOf(map));
  }
}
