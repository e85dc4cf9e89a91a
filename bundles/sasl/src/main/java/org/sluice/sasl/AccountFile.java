package org.sluice.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A file of lines {@code name:field:...} like passwd(5) and shadow(5), read again when it changes.
 * Empty lines and lines that begin with {@code #} do not count; of two lines with one name the
 * first does. Bytes as ISO-8859-1. Thread-safe.
 */
public final class AccountFile<T> {
  private record Version<T>(Map<String, Object> stat, Map<String, T> accounts) {}

  private static final String STAT = "unix:mode,ctime,lastModifiedTime,size,ino";
  private static final int OTHERS = 0007;

  private final Path path;
  private final boolean secret;
  private final Function<List<String>, T> parser;
  private final AtomicReference<Version<T>> known =
      new AtomicReference<>(new Version<>(Map.of(), Map.of()));

  /**
   * @param secret whether it must not be accessible to others
   * @param parser makes an account of the fields behind the name, of which there is at least one
   */
  public AccountFile(Path path, boolean secret, Function<List<String>, T> parser) {
    this.path = path;
    this.secret = secret;
    this.parser = parser;
  }

  /**
   * The accounts of the moment; the same map as long as the file is the same.
   *
   * @return none if there is no such file
   * @throws IOException if it cannot be read, or must not be for the sake of its mode
   */
  public Map<String, T> accounts() throws IOException {
    Map<String, Object> stat;
    try {
      stat = Files.readAttributes(path, STAT);
    } catch (NoSuchFileException e) {
      return Map.of();
    }
    int mode = (Integer) stat.get("mode");
    if (secret && (mode & OTHERS) != 0) {
      throw new IOException(
          path + " is not used: everybody may read or write it; chmod 600 " + path);
    }
    Version<T> version = known.get();
    if (!version.stat.equals(stat)) {
      version = new Version<>(stat, read());
      known.set(version);
    }
    return version.accounts;
  }

  private Map<String, T> read() throws IOException {
    Map<String, T> accounts = new HashMap<>();
    for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 1 && !fields[0].isEmpty() && !line.startsWith("#")) {
        List<String> rest = List.copyOf(Arrays.asList(fields).subList(1, fields.length));
        accounts.putIfAbsent(fields[0], parser.apply(rest));
      }
    }
    return accounts;
  }
}
