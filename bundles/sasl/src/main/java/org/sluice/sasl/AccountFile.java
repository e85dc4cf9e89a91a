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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

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
  private final BiFunction<String, List<String>, T> parser;

  /** Whoever sees a change reads the file; the others wait for it, so that it is read once. */
  private final ReentrantLock reading = new ReentrantLock();

  private volatile Version<T> known = new Version<>(Map.of(), Map.of());

  /**
   * @param secret whether it must not be accessible to others
   * @param parser makes an account of its name and the fields behind it, of which there is at least
   *     one; called once for each line whenever the file is read
   */
  public AccountFile(Path path, boolean secret, BiFunction<String, List<String>, T> parser) {
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
    Version<T> version = known;
    return version.stat.equals(stat) ? version.accounts : changed(stat);
  }

  private Map<String, T> changed(Map<String, Object> stat) throws IOException {
    reading.lock();
    try {
      if (!known.stat.equals(stat)) {
        known = new Version<>(stat, read());
      }
      return known.accounts;
    } finally {
      reading.unlock();
    }
  }

  private Map<String, T> read() throws IOException {
    Map<String, T> accounts = new HashMap<>();
    for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 1 && !fields[0].isEmpty() && !line.startsWith("#")) {
        List<String> rest = List.copyOf(Arrays.asList(fields).subList(1, fields.length));
        accounts.putIfAbsent(fields[0], parser.apply(fields[0], rest));
      }
    }
    return accounts;
  }
}
