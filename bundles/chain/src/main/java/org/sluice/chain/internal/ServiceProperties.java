package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A service's properties, read with defaults; collects what cannot be used. */
final class ServiceProperties {
  private final Function<String, Object> get;
  private final List<String> problems = new ArrayList<>();

  /** Reads with this, which gives null for what is not set. */
  ServiceProperties(Function<String, Object> get) {
    this.get = get;
  }

  /** A string, strings or a collection; empty if it is not set. */
  List<String> strings(String key) {
    Object value = get.apply(key);
    if (value instanceof Object[] several) {
      return List.of(several).stream().map(Object::toString).toList();
    }
    if (value instanceof Collection<?> several) {
      return several.stream().map(Object::toString).toList();
    }
    return value == null ? List.of() : List.of(value.toString());
  }

  /** A value that the parser takes, else the default. */
  <T> T read(String key, T otherwise, Function<String, Optional<T>> parser) {
    List<String> set = strings(key);
    if (set.isEmpty()) {
      return otherwise;
    }
    Optional<T> value = set.size() == 1 ? parser.apply(set.get(0).strip()) : Optional.<T>empty();
    if (value.isEmpty()) {
      String text = set.size() == 1 ? set.get(0) : set.toString();
      problems.add(key + " = '" + text + "' cannot be used, the default holds");
    }
    return value.orElse(otherwise);
  }

  /** A number of the framework's own properties, 0 if there is none. */
  long number(String key) {
    return get.apply(key) instanceof Number number ? number.longValue() : 0;
  }

  /** One sentence for each value that could not be used. */
  List<String> problems() {
    return List.copyOf(problems);
  }
}
