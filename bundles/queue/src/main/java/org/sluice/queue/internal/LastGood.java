package org.sluice.queue.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.sluice.api.control.Control;

/**
 * Control files as qmail-send knows them: what was read stays in force while a file cannot be read
 * again (spec 10 section 10.3), which is told once. A file that could never be read is an error.
 */
final class LastGood implements Control {
  private interface Reading<T> {
    T read() throws IOException;
  }

  private final AtomicReference<Control> bound = new AtomicReference<>();
  private final DeliveryLog log;
  private final ConcurrentMap<String, Object> good = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  LastGood(DeliveryLog log) {
    this.log = log;
  }

  /** Where it reads from now on; what was read before still counts. */
  void bind(Control files) {
    bound.set(files);
  }

  void unbind(Control files) {
    bound.compareAndSet(files, null);
  }

  /** Itself while there are control files, else null. */
  Control present() {
    return bound.get() == null ? null : this;
  }

  private Control files() throws IOException {
    Control files = bound.get();
    if (files == null) {
      throw new IOException("no control files at the moment");
    }
    return files;
  }

  @SuppressWarnings("unchecked") // one kind of reading of a name always has the same type
  private <T> T last(String name, String kind, Reading<T> reading) throws IOException {
    T value;
    try {
      value = reading.read();
    } catch (IOException | RuntimeException e) {
      Object last = good.get(kind + name);
      if (last == null) {
        throw e;
      }
      if (told.add(name)) {
        log.unableToReread(name);
      }
      return (T) last;
    }
    if (good.get(kind + name) != value) {
      good.put(kind + name, value);
    }
    if (!told.isEmpty()) {
      told.remove(name);
    }
    return value;
  }

  @Override
  public Path home() {
    Control files = bound.get();
    if (files == null) {
      throw new IllegalStateException("no control files at the moment");
    }
    return files.home();
  }

  @Override
  public Optional<String> line(String name) throws IOException {
    return last(name, "line ", () -> files().line(name));
  }

  @Override
  public String lineOrMe(String name) throws IOException {
    return last(name, "or me ", () -> files().lineOrMe(name));
  }

  @Override
  public long number(String name, long defaultValue) throws IOException {
    return last(name, "number ", () -> files().number(name, defaultValue));
  }

  @Override
  public Optional<List<String>> list(String name) throws IOException {
    return last(name, "list ", () -> files().list(name));
  }

  @Override
  public Optional<Set<String>> set(String name) throws IOException {
    return last(name, "set ", () -> files().set(name));
  }

  @Override
  public Optional<Map<String, String>> map(String name) throws IOException {
    return last(name, "map ", () -> files().map(name));
  }

  @Override
  public Optional<Database> database(String name) throws IOException {
    return files().database(name);
  }
}
