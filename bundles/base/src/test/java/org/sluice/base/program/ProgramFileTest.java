package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.SystemError;

/** What execve(2) would say; how it is with Debian's programs is in the tests of those. */
class ProgramFileTest {
  private static final String SHELL = "#!/bin/sh\n";
  private static final SystemUser NOBODY = new SystemUser(65534, 65533);

  @TempDir Path directory;

  @BeforeEach
  void openToAll() throws Exception {
    mode(directory, "rwxr-xr-x");
  }

  private static Path mode(Path file, String permissions) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private Path file(String name, String permissions, String text) throws IOException {
    return mode(Files.writeString(directory.resolve(name), text), permissions);
  }

  private Path folder(String name, String permissions) throws IOException {
    return mode(Files.createDirectory(directory.resolve(name)), permissions);
  }

  /** The file, or why there is none. */
  private String find(String path, Optional<SystemUser> user, boolean strict, String name)
      throws InterruptedException {
    try {
      return new ProgramFile(path, directory, user, strict).find(name);
    } catch (IOException e) {
      return SystemError.text(e);
    }
  }

  private String strictly(String name) throws InterruptedException {
    return find("none", Optional.empty(), true, name);
  }

  private String loosely(String name) throws InterruptedException {
    return find("none", Optional.empty(), false, name);
  }

  private String asNobody(String name) throws Exception {
    return find("closed:open", Optional.of(NOBODY), true, name);
  }

  @Test
  void onlyExecvpHasTheShellRunWhatTheSystemCannot() throws Exception {
    for (String text : new String[] {"echo\n", "", "\177EL", "#! \n", "# !/bin/sh"}) {
      file("text", "rwxr-xr-x", text);
      assertEquals("exec format error", strictly("./text"), text);
      assertEquals("./text", loosely("./text"), text);
    }
    file("text", "rwxr-xr-x", "#! \t/bin/sh -e\n");
    assertEquals("./text", strictly("./text"));
    assertEquals("/bin/sh", strictly("/bin/sh"));
  }

  /** Each as execve(2) was seen to take it. */
  @Test
  void aBrokenBinaryIsNone() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("/bin/true"));
    assumeTrue(whole[4] == 2 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "not 64 bits");
    Path file = file("binary", "rwxr-xr-x", "");
    Files.write(file, whole);
    assertEquals("./binary", strictly("./binary"));
    for (int length : new int[] {4, 16, 18, 19, 20, 56, 58, 64, 100}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals("exec format error", strictly("./binary"), "of length " + length);
      assertEquals("./binary", loosely("./binary"));
    }
    // Not a program, another machine, entries of another size, none, those beyond the end.
    for (int[] change :
        new int[][] {{16, 1}, {16, 4}, {18, 2}, {54, 55}, {56, 0}, {35, 1}, {39, -1}}) {
      byte[] changed = whole.clone();
      changed[change[0]] = (byte) change[1];
      Files.write(file, changed);
      assertEquals("exec format error", strictly("./binary"), Arrays.toString(change));
    }
    for (int[] change : new int[][] {{16, 2}, {16, 3}, {4, 0}, {4, 1}}) {
      byte[] changed = whole.clone();
      changed[change[0]] = (byte) change[1];
      Files.write(file, changed);
      assertEquals("./binary", strictly("./binary"), Arrays.toString(change));
    }
  }

  @Test
  void anInterpreterIsWanted() throws Exception {
    file("script", "rwxr-xr-x", "#!/nonexistent x\n");
    assertEquals("file does not exist", strictly("./script"));
    assertEquals("file does not exist", loosely("./script"));
    file("script", "rwxr-xr-x", "#!" + file("text", "rw-r--r--", ""));
    assertEquals("access denied", strictly("./script"));
    file("script", "rwxr-xr-x", "#!" + file("text", "rwxr-xr-x", "echo\n"));
    assertEquals("exec format error", strictly("./script"));
    assertEquals("./script", loosely("./script"));
    file("script", "rwxr-xr-x", "#!" + file("text", "rwxr-xr-x", "#!/nonexistent\n"));
    assertEquals("file does not exist", strictly("./script"));
    file("script", "rwxr-xr-x", "#!" + directory.resolve("script") + "\n");
    assertEquals("./script", strictly("./script")); // the system says what is wrong
    file("script", "rwxr-xr-x", "#!/dev/null\n");
    assertEquals("access denied", strictly("./script"));
  }

  @Test
  void furtherFormatsAreTheSystemsBusiness() throws Exception {
    assertFalse(ProgramFile.more(directory.resolve("none")));
    file("register", "rw-r--r--", "");
    file("status", "rw-r--r--", "");
    assertFalse(ProgramFile.more(directory));
    file("jar", "rw-r--r--", "");
    assertTrue(ProgramFile.more(directory));
  }

  @Test
  void whatIsNoProgramIsNamedAsTheSystemDoes() throws Exception {
    file("text", "rw-r--r--", SHELL);
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    assertEquals("access denied", strictly("./text"));
    assertEquals("access denied", strictly("/tmp"));
    assertEquals("file does not exist", strictly("./none"));
    assertEquals("file does not exist", strictly("./n\0"));
    assertEquals("not a directory", strictly("./text/none"));
    assertEquals("symbolic link loop", strictly("./loop"));
    assertEquals("file name too long", strictly("./" + "x".repeat(300)));
  }

  @Test
  void aSearchGoesOnAfterWhatIsMissingOrDenied() throws Exception {
    folder("a", "rwxr-xr-x");
    folder("b", "rwxr-xr-x");
    file("a/denied", "rw-r--r--", SHELL);
    file("b/denied", "rwxr-xr-x", SHELL);
    file("b/program", "rwxr-xr-x", SHELL);
    file("here", "rwxr-xr-x", SHELL);
    file("a/text", "rwxr-xr-x", "echo\n");
    file("b/text", "rwxr-xr-x", SHELL);
    for (boolean strict : new boolean[] {true, false}) {
      assertEquals("b/denied", find("a:b", Optional.empty(), strict, "denied"));
      assertEquals("b/program", find("none:a:b", Optional.empty(), strict, "program"));
      assertEquals("./here", find("a:", Optional.empty(), strict, "here"));
      assertEquals("./here", find("", Optional.empty(), strict, "here"));
      assertEquals("access denied", find("a:none", Optional.empty(), strict, "denied"));
      assertEquals("file does not exist", find("a:b", Optional.empty(), strict, "none"));
    }
    assertEquals("exec format error", find("a:b", Optional.empty(), true, "text"));
    assertEquals("not a directory", find("here:b", Optional.empty(), true, "text"));
    assertEquals("a/text", find("a:b", Optional.empty(), false, "text"));
    assertEquals("b/text", find("here:b", Optional.empty(), false, "text"));
  }

  @Test
  void anotherUserFindsWhatHeMayExecute() throws Exception {
    assumeTrue(SystemUser.own().isRoot(), "not root");
    Path closed = folder("closed", "rwx--x---");
    folder("open", "rwxr-xr-x");
    file("closed/program", "rwxr-xr-x", SHELL);
    file("open/program", "rwx--x--x", SHELL);
    file("open/mine", "r-xr-x---", SHELL);
    assertEquals("access denied", asNobody("closed/program"));
    assertEquals("access denied", asNobody(closed + "/none"));
    assertEquals("access denied", asNobody("none"), "which may be in the closed one");
    assertEquals("file does not exist", asNobody("open/none"));
    assertEquals("not a directory", asNobody("open/program/none"));
    assertEquals("open/program", asNobody("open/program"));
    assertEquals("open/program", asNobody("program"));
    assertEquals("access denied", asNobody("open/mine"));
    Files.setAttribute(directory.resolve("open/mine"), "unix:gid", NOBODY.gid());
    assertEquals("open/mine", asNobody("open/mine"));
    Files.setAttribute(directory.resolve("open/mine"), "unix:uid", NOBODY.uid());
    mode(directory.resolve("open/mine"), "r--r-xr-x");
    assertEquals("access denied", asNobody("open/mine"), "the owner is not of the group");
    Optional<SystemUser> group = Optional.of(new SystemUser(0, 12));
    assertEquals("closed/program", find("none", group, true, "closed/program"));
  }

  @Test
  void anotherUsersWayMayLeadOverLinks() throws Exception {
    assumeTrue(SystemUser.own().isRoot(), "not root");
    folder("closed", "rwx------");
    folder("open", "rwxr-xr-x");
    file("closed/program", "rwxr-xr-x", SHELL);
    file("open/program", "rwxr-xr-x", SHELL);
    Files.createSymbolicLink(directory.resolve("open/in"), Path.of("../closed/program"));
    Files.createSymbolicLink(directory.resolve("closed/out"), directory.resolve("open"));
    Files.createSymbolicLink(directory.resolve("open/through"), Path.of("../closed/out"));
    Files.createSymbolicLink(directory.resolve("open/same"), Path.of("program"));
    Files.createSymbolicLink(directory.resolve("open/loop"), Path.of("loop/x"));
    assertEquals("access denied", asNobody("open/in"));
    assertEquals("access denied", asNobody("open/through/program"));
    assertEquals("open/same", asNobody("open/same"));
    assertEquals("symbolic link loop", asNobody("open/loop"));
    file("open/script", "rwxr-xr-x", "#!" + directory.resolve("closed/program"));
    assertEquals("access denied", asNobody("open/script"), "its interpreter");
    var inClosed = new ProgramFile("", directory.resolve("closed/out"), Optional.of(NOBODY), true);
    assertEquals("./program", inClosed.find("./program"), "he is there already");
    mode(directory.resolve("open"), "rwx------");
    assertThrows(AccessDeniedException.class, () -> inClosed.find("./program"));
  }

  /** Two entries, user 65534 r-x and the mask r-x, beside those of mode 0750. */
  private static final String ACL =
      "import os, struct, sys\n"
          + "entries = [(1, 7, -1), (2, 5, 65534), (4, 0, -1), (16, 5, -1), (32, 0, -1)]\n"
          + "acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *e) for e in entries)\n"
          + "os.setxattr(sys.argv[1], 'system.posix_acl_access', acl)\n";

  @Test
  void anAccessListMayAllowWhatTheModeDoesNot() throws Exception {
    assumeTrue(SystemUser.own().isRoot(), "not root");
    Path closed = folder("closed", "rwxr-x---");
    file("closed/program", "rwxr-xr-x", SHELL);
    assertEquals("access denied", asNobody("closed/program"));
    var command = List.of("python3", "-c", ACL, closed.toString());
    assumeTrue(new ProcessBuilder(command).inheritIO().start().waitFor() == 0, "no access lists");
    assertEquals("closed/program", asNobody("program"));
    folder("closed/folder", "rwxr-xr-x");
    assertEquals("access denied", asNobody("closed/folder"));
    file("closed/text", "rwxr--r--", SHELL);
    assertEquals("access denied", asNobody("closed/text"));
  }
}
