package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a process can become, root's and another's. */
class SystemUserTest {
  @TempDir Path directory;

  /** Says so of itself, itself in another group, another and root. */
  static final class Says {
    public static void main(String[] arguments) throws Exception {
      SystemUser own = SystemUser.own();
      int other = own.uid() + 1;
      for (SystemUser user :
          List.of(
              own,
              new SystemUser(own.uid(), own.gid() + 1),
              new SystemUser(other, other),
              new SystemUser(0, 0))) {
        System.out.print(user.isOwn() + " " + user.isReachable() + "; ");
      }
      System.out.print(own.isRoot());
    }
  }

  private static String said(List<String> command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, process.waitFor());
    return said;
  }

  /** Where anybody can read the classes. */
  private List<String> java() throws Exception {
    Files.setAttribute(directory, "unix:mode", 0755);
    for (Class<?> type : List.of(SystemUser.class, Says.class)) {
      String name = type.getName().replace('.', '/') + ".class";
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream from = type.getClassLoader().getResourceAsStream(name)) {
        Files.copy(from, file);
      }
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "-cp", directory.toString(), Says.class.getName());
  }

  @Test
  void rootBecomesAnybodyAndOthersNobodyElse() throws Exception {
    boolean root = SystemUser.own().isRoot();
    List<String> java = java();
    String others = "true true; true true; false false; false false; false";
    assertEquals(root ? "true true; false true; false true; true true; true" : others, said(java));
    assumeTrue(root && Files.isExecutable(Path.of("/usr/bin/setpriv")), "not root");
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    command.addAll(java);
    assertEquals(others, said(command));
  }
}
