package org.sluice.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersDirectoryTest {
  @TempDir Path home;
  private UsersDirectory users;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(home.resolve("users"));
    Files.createDirectories(home.resolve("alias"));
    Files.writeString(
        home.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nno:x:7:7::/none:/bin/sh\n");
    users = new UsersDirectory(home, home.resolve("passwd"));
  }

  private void assign(String text) throws IOException {
    Files.writeString(home.resolve("users/assign"), text);
  }

  private String find(String local) throws IOException {
    var user = users.find(local).orElseThrow();
    return user.name() + "|" + user.dash() + "|" + user.extension();
  }

  @Test
  void exactBeforeLongestPrefixBeforeAlias() throws IOException {
    assign("=joe:joe:1:1:/h/joe:::\n+joe-:joe:1:1:/h/joe:-::\n+joe-list-:list:2:2:/h/l:-:x-:\n.\n");
    assertEquals("joe||", find("Joe"));
    assertEquals("joe|-|Ext", find("joe-Ext"));
    assertEquals("list|-|x-a", find("joe-list-a"));
    assertEquals("alias|-|other", find("other"));
  }

  @Test
  void rootAndAccountsWithoutAHomeAreNotUsers() throws IOException {
    assertEquals("alias|-|root", find("root"));
    assertEquals("alias|-|no", find("no"));
  }

  @Test
  void brokenFileIsATemporaryErrorThatSaysWhere() throws IOException {
    assign("=joe:joe:1\n.\n");
    var broken = assertThrows(IOException.class, () -> users.find("joe"));
    assertEquals(
        home.resolve("users/assign") + ":1: not =local:user:uid:gid:home:dash:ext:",
        broken.getMessage());
    assign("=joe:joe:1:1:/h/joe:::\n");
    assertThrows(IOException.class, () -> users.find("joe"));
  }
}
