package org.sluice.tools.rblsmtpd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Installed;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

/** Side by side with that of Debian's ucspi-tcp, which asks the DNS only where it may not here. */
class DebianRblsmtpdTest {
  private static final List<String> PIECES =
      List.of(
          "HELO",
          "helo x",
          "EHLO",
          "MAIL",
          "mail FROM:<a>",
          "RCPT TO:<b>",
          "DATA",
          "RSET",
          "NoOp",
          "QUIT",
          " ",
          " ",
          "\t",
          "\0",
          "\r",
          "\r\n",
          "\r\n",
          "\r\n",
          "\n",
          "\n",
          "x",
          "\u00e9");

  @TempDir Path home;

  private void compare(Map<String, String> environment, String in, String... arguments)
      throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "rblsmtpd";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Tool.Result theirs = Tool.run(home, environment, in, command);
    var context = new TestContext(List.of(arguments)).with(environment).stdin(in).in(home);
    context.programs(new SystemPrograms(context));
    int status = new RblsmtpdProgram().run(context);
    String of = environment + " " + in + " " + List.of(arguments);
    assertEquals(theirs.status(), status, of);
    assertEquals(theirs.out(), context.stdout(), of);
    assertEquals(withoutPid(theirs.err()), withoutPid(context.stderr()), of);
  }

  private static String withoutPid(String log) {
    return log.replaceFirst(" pid [0-9]+:", " pid:");
  }

  @Test
  void theSameSession() throws Exception {
    Installed.program("rblsmtpd");
    var random = new Random(7);
    for (int i = 0; i < 150; i++) {
      var in = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        in.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      String told = List.of("no", "-never", "-", "a b", "x".repeat(250)).get(random.nextInt(5));
      String option = List.of("-b", "-B", "-c", "-C", "-t9", "-t0", "--").get(random.nextInt(7));
      compare(Map.of("RBLSMTPD", told, "TCPREMOTEIP", "192.0.2.3"), in.toString(), option, "cat");
    }
  }

  @Test
  void theSameProgramIsRun() throws Exception {
    Installed.program("rblsmtpd");
    compare(Map.of("RBLSMTPD", ""), "some\nlines", "cat");
    compare(Map.of("RBLSMTPD", "", "A", "b"), "", "sh", "-c", "echo $A; exit 9");
    compare(Map.of("RBLSMTPD", ""), "", "/nonexistent");
    compare(Map.of("RBLSMTPD", ""), "", "nonexistent");
    compare(Map.of("RBLSMTPD", ""), "");
    compare(Map.of("RBLSMTPD", ""), "", "-R", "cat");
    compare(Map.of("RBLSMTPD", ""), "", "-t");
    compare(Map.of("RBLSMTPD", "x"), "", "-t");
  }
}
