package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** /etc/passwd, read again when it has changed. */
final class PasswdFile implements Passwd {
  private final Versioned<Map<String, Account>> accounts;

  PasswdFile(Path file) {
    this.accounts = new Versioned<>(file, PasswdFile::read);
  }

  @Override
  public Optional<Account> find(String name) throws IOException {
    return Optional.ofNullable(accounts.get().get(name));
  }

  private static Map<String, Account> read(Path file) throws IOException {
    Map<String, Account> out = new HashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      Account.parse(line).ifPresent(account -> out.putIfAbsent(account.name(), account));
    }
    return out;
  }
}
