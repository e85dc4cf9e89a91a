package org.sluice.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of accounts, and their changes. */
class AccountFileTest {
  @TempDir Path directory;

  private Path write(String text, String mode) throws IOException {
    Path file = Files.writeString(directory.resolve("passwords"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private AccountFile<String> file() {
    return new AccountFile<>(directory.resolve("passwords"), true, (name, fields) -> fields.get(0));
  }

  @Test
  void linesOfNameAndFields() throws Exception {
    write("# joe:x\n\njoe:one:more:fields\nno colon\n:nobody\njoe:two\nann:\n", "rw-------");
    assertEquals(Map.of("joe", "one", "ann", ""), file().accounts());
  }

  @Test
  void aMissingFileHasNoAccounts() throws Exception {
    assertEquals(Map.of(), file().accounts());
  }

  @Test
  void aChangeIsSeenEvenIfTimeAndSizeAreTheSame() throws Exception {
    Path path = write("joe:one\n", "rw-------");
    var accounts = file();
    var first = accounts.accounts();
    assertSame(first, accounts.accounts());
    FileTime time = Files.getLastModifiedTime(path);
    Path next = Files.writeString(directory.resolve("next"), "joe:two\n");
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(next, time);
    Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Map.of("joe", "two"), accounts.accounts());
    Files.delete(path);
    assertEquals(Map.of(), accounts.accounts());
  }

  @Test
  void aSecretThatOthersMayReadIsRefused() throws Exception {
    write("joe:one\n", "rw-r-----");
    var accounts = file();
    assertEquals(Map.of("joe", "one"), accounts.accounts());
    for (String mode : List.of("rw-r--r--", "rw-----w-")) {
      write("joe:one\n", mode);
      String message = assertThrows(IOException.class, accounts::accounts).getMessage();
      assertTrue(message.contains("chmod 600 " + directory.resolve("passwords")), message);
    }
  }
}
