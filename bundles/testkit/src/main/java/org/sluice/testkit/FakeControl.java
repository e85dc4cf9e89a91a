package org.sluice.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sluice.api.control.Control;
import org.sluice.base.Ascii;

/**
 * Control files in a map; a value that is not a string cannot be read; a cdb is a list of key:data.
 */
public record FakeControl(Path home, Map<String, ?> files) implements Control {
  private Optional<String> file(String name) throws IOException {
    Object content = files.get(name);
    if (content != null && !(content instanceof String)) {
      throw new IOException(name + " cannot be read");
    }
    return Optional.ofNullable((String) content);
  }

  private static String trimmed(String line) {
    return line.replaceFirst("[ \t\n]+$", "");
  }

  @Override
  public Optional<String> line(String name) throws IOException {
    return file(name).map(f -> trimmed(f.split("\n", -1)[0]));
  }

  @Override
  public String lineOrMe(String name) throws IOException {
    return line(name).orElse(line("me").orElse(name));
  }

  @Override
  public long number(String name, long defaultValue) throws IOException {
    String digits = line(name).orElse("").replaceFirst("[^0-9].*", "");
    return digits.isEmpty() ? defaultValue : Long.parseLong(digits);
  }

  @Override
  public Optional<List<String>> list(String name) throws IOException {
    return file(name)
        .map(
            f ->
                f.lines()
                    .map(FakeControl::trimmed)
                    .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                    .toList());
  }

  @Override
  public Optional<Set<String>> set(String name) throws IOException {
    return list(name).map(l -> l.stream().map(Ascii::lower).collect(Collectors.toSet()));
  }

  @Override
  public Optional<Map<String, String>> map(String name) throws IOException {
    return list(name)
        .map(
            lines -> {
              Map<String, String> map = new HashMap<>();
              for (String line : lines) {
                int colon = line.indexOf(':');
                if (colon >= 0) {
                  map.put(Ascii.lower(line.substring(0, colon)), line.substring(colon + 1));
                }
              }
              return map;
            });
  }

  @Override
  public Optional<Database> database(String name) throws IOException {
    return list(name)
        .map(
            keys ->
                key ->
                    keys.stream().anyMatch(k -> Ascii.lower(k).equals(key))
                        ? Optional.of("")
                        : Optional.empty());
  }
}
