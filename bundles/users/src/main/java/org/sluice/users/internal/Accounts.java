package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.sluice.api.delivery.LocalUser;

/** The system's accounts, by qmail-getpw's rules (spec 40 section 4). */
final class Accounts {
  private static final int LONGEST = 31;

  private final Path passwd;

  Accounts(Path passwd) {
    this.passwd = passwd;
  }

  /** The account of the address, or of the longest part before a dash that is one. */
  Optional<LocalUser> find(String local) throws IOException {
    for (int end = local.length(); end > 0; end = local.lastIndexOf('-', end - 1)) {
      if (end <= LONGEST) {
        Optional<LocalUser> user = account(local, end);
        if (user.isPresent()) {
          return user;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<LocalUser> account(String local, int end) throws IOException {
    String name = local.substring(0, end).toLowerCase(Locale.ROOT);
    Optional<String[]> fields = entry(name);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    int uid = Integer.parseInt(fields.get()[2]);
    Path home = Path.of(fields.get()[5]);
    if (uid == 0 || !Files.isDirectory(home) || !owner(home, uid)) {
      return Optional.empty();
    }
    boolean whole = end == local.length();
    return Optional.of(
        new LocalUser(
            name,
            uid,
            Integer.parseInt(fields.get()[3]),
            home,
            whole ? "" : "-",
            whole ? "" : local.substring(end + 1)));
  }

  Optional<String[]> entry(String name) throws IOException {
    for (String line : Files.readAllLines(passwd, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 7 && fields[0].equals(name)) {
        return Optional.of(fields);
      }
    }
    return Optional.empty();
  }

  private static boolean owner(Path home, int uid) throws IOException {
    return Files.getAttribute(home, "unix:uid").equals(uid);
  }
}
