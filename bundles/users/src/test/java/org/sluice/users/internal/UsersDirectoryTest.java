package org.sluice.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.UserLookupException;

class UsersDirectoryTest {
  @TempDir Path home;
  private Path passwd;
  private UsersDirectory users;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(home.resolve("users"));
    Files.createDirectories(home.resolve("alias"));
    passwd = home.resolve("passwd");
    Files.writeString(passwd, "root:x:0:0::/root:/bin/sh\nno:x:7:7::/none:/bin/sh\n");
    users = new UsersDirectory(new Directory(home), new GetPw(new PasswdFile(passwd), home));
  }

  private void assign(String text) throws IOException {
    Files.writeString(home.resolve("users/assign"), text, StandardCharsets.ISO_8859_1);
  }

  private String find(String local) throws Exception {
    var user = users.find(local).orElseThrow();
    return user.name() + "|" + user.dash() + "|" + user.extension();
  }

  private int failure(String local) {
    return assertThrows(UserLookupException.class, () -> users.find(local)).exitCode();
  }

  @Test
  void exactBeforeLongestPrefixBeforeAlias() throws Exception {
    assign("=joe:joe:1:1:/h/joe:::\n+joe-:joe:1:1:/h/joe:-::\n+joe-list-:list:2:2:/h/l:-:x-:\n.\n");
    assertEquals("joe||", find("Joe"));
    assertEquals("joe|-|Ext", find("joe-Ext"));
    assertEquals("list|-|x-a", find("joe-list-a"));
    assertEquals("alias|-|other", find("other"));
  }

  @Test
  void lowerCaseIsOfAsciiOnlyAndAPrefixEndsAsItWasWritten() throws Exception {
    assign("=caf\u00e9:cafe:1:1:/h:::\n+Q:never:1:1:/h:::\n+-:dash:1:1:/h:::\n.\n");
    assertEquals("cafe||", find("CAF\u00e9"));
    assertEquals("alias|-|caf\u00c9", find("caf\u00c9"));
    // users/cdb has the record !q, but Q is what prefixes are said to end with.
    assertEquals("alias|-|quit", find("quit"));
    assertEquals("dash||x", find("-x"));
  }

  @Test
  void rootAndAccountsWithoutAHomeAreNotUsers() throws Exception {
    assertEquals("alias|-|root", find("root"));
    assertEquals("alias|-|no", find("no"));
  }

  @Test
  void aChangeIsSeenAtOnce() throws Exception {
    assertEquals("alias|-|joe", find("joe"));
    assign("=joe:joe:1:1:/h/joe:::\n.\n");
    assertEquals("joe||", find("joe"));
    Compiled.make(home);
    assign("=joe:other:1:1:/h/joe:::\n.\n");
    assertEquals("joe||", find("joe"), "users/cdb alone counts when it is there");
    Files.delete(home.resolve("users/cdb"));
    assertEquals("other||", find("joe"));
    Files.delete(home.resolve("users/assign"));
    assertEquals("alias|-|joe", find("joe"));
  }

  @Test
  void accountsAreReadAgainWhenTheyChange() throws Exception {
    int uid = (Integer) Files.getAttribute(home, "unix:uid");
    Path own = Files.createDirectory(home.resolve("own"));
    assertEquals("alias|-|own-x", find("own-x"));
    if (uid == 0) {
      uid = 4321;
      Files.setAttribute(own, "unix:uid", uid);
    }
    Files.writeString(passwd, "own:x:" + uid + ":77::" + own + ":\n");
    assertEquals("own|-|X", find("OWN-X"));
    assertEquals(77, users.find("own").orElseThrow().gid());
    Files.writeString(passwd, "own:x:" + (uid + 1) + ":77::" + own + ":\n");
    assertEquals("alias|-|own", find("own"), "its home is not its own");
  }

  @Test
  void brokenTextIsATemporaryErrorThatSaysWhere() throws Exception {
    assign("=joe:joe:1\n.\n");
    var broken = assertThrows(UserLookupException.class, () -> users.find("joe"));
    assertEquals(117, broken.exitCode());
    assertEquals(
        home.resolve("users/assign") + ":1: not =local:user:uid:gid:home:dash:ext:",
        broken.getCause().getMessage());
    assign("=joe:joe:1:1:/h/joe:::\n");
    assertEquals(117, failure("joe"));
  }

  @Test
  void damagedCdbIsATemporaryError() throws Exception {
    assign("=joe:joe:1:1:/h/joe:::\n.\n");
    Path cdb = home.resolve("users/cdb");
    Files.writeString(cdb, "trash");
    assertEquals(117, failure("joe"));
    Files.write(cdb, new byte[2048]); // a cdb, but without the record of the empty key
    assertEquals(117, failure("joe"));
    Files.delete(cdb);
    Files.createDirectory(cdb);
    assertEquals(117, failure("joe"));
  }

  @Test
  void numbersAreDecimalPrefixes() throws Exception {
    assign("=a:a:12x:4294967294:/h:::\n=b:b::7:/h:::\n.\n");
    assertEquals(12, users.find("a").orElseThrow().uid());
    assertEquals(-2, users.find("a").orElseThrow().gid());
    assertEquals(0, users.find("b").orElseThrow().uid());
  }

  @Test
  void withoutAliasUserItIsTemporary() throws Exception {
    Files.delete(home.resolve("alias"));
    assertEquals(116, failure("other"));
    Files.writeString(passwd, "alias:x:7790:7781::/nonexistent:/bin/false\n");
    assertEquals("alias|-|other", find("other"));
    Files.delete(passwd);
    assertEquals(118, failure("other"));
  }
}
