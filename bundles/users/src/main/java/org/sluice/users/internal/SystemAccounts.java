package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The passwd file, then the other sources that nsswitch.conf names, if it names any. */
record SystemAccounts(Passwd file, Versioned<Boolean> others, Passwd getent) implements Passwd {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Sources that have nobody who gets mail and is not in the file. */
  private static final Set<String> LOCAL = Set.of("files", "compat", "systemd", "db");

  /** This system's. */
  static SystemAccounts ofSystem() {
    return new SystemAccounts(
        new PasswdFile(Path.of("/etc/passwd")),
        new Versioned<>(Path.of("/etc/nsswitch.conf"), SystemAccounts::hasOthers),
        new Getent(List.of("getent", "passwd", "--"), LIMIT, System::nanoTime));
  }

  @Override
  public Optional<Account> find(String name) throws IOException, InterruptedException {
    Optional<Account> account = file.find(name);
    return account.isPresent() || !asked() ? account : getent.find(name);
  }

  private boolean asked() throws IOException {
    try {
      return others.get();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether the line {@code passwd:} names a source that only the C library can ask. */
  static boolean hasOthers(Path nsswitch) throws IOException {
    for (String line : Files.readAllLines(nsswitch, StandardCharsets.ISO_8859_1)) {
      String words = line.replaceFirst("#.*", "").strip();
      if (words.startsWith("passwd:")) {
        return Arrays.stream(words.substring("passwd:".length()).strip().split("\\s+"))
            .anyMatch(word -> !word.isEmpty() && !word.startsWith("[") && !LOCAL.contains(word));
      }
    }
    return false;
  }
}
