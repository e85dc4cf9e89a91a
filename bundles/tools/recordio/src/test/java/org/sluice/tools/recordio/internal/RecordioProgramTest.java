package org.sluice.tools.recordio.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.Installed;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

class RecordioProgramTest {
  @TempDir Path home;
  private TestContext context = new TestContext(List.of("program", "arg"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private int run(FakeExecution.Body program) throws Exception {
    context.programs(
        argv -> {
          assertEquals(List.of("program", "arg"), argv);
          return new FakeExecution(context, program);
        });
    return new RecordioProgram().run(context);
  }

  /** The log, with P for the number that its lines begin with. */
  private static String log(String stderr) {
    assertTrue(stderr.isEmpty() || stderr.matches("(?s)[1-9][0-9]* [<>] .*"), stderr);
    String number = stderr.split(" ", 2)[0];
    return stderr.replaceAll("(?md)^" + number + " ", "P ");
  }

  @Test
  void recordsAConversation() throws Exception {
    context.stdin("HELO x\r\nQU");
    int status =
        run(
            (in, out) -> {
              out.write(bytes("220 a\r\n"));
              assertEquals("HELO x\r\nQU", new String(in.readAllBytes(), "ISO-8859-1"));
              out.write(bytes("250-a\n250 b\r"));
              out.write('\n');
              out.write(bytes(""));
              out.write(bytes("\n\n\0\u00e9"));
              return 7;
            });
    assertEquals(7, status);
    assertEquals("220 a\r\n250-a\n250 b\r\n\n\n\0\u00e9", context.stdout());
    assertEquals(
        "P > 220 a\r \nP < HELO x\r \nP < QU+\nP < [EOF]\nP > 250-a \nP > 250 b\r+\nP >  \n"
            + "P >  \nP >  \nP > \0\u00e9+\nP > [EOF]\n",
        log(context.stderr()));
  }

  @Test
  void longPacketsAreCut() throws Exception {
    context.stdin("x".repeat(600));
    run(
        (in, out) -> {
          out.write(in.readAllBytes());
          return 0;
        });
    String lines = "";
    for (String mark : List.of("<", ">")) {
      String full = "P " + mark + " " + "x".repeat(256) + "+\n";
      lines += full + full + "P " + mark + " " + "x".repeat(88) + "+\nP " + mark + " [EOF]\n";
    }
    assertEquals(lines, log(context.stderr()));
    assertEquals("x".repeat(600), context.stdout());
  }

  @Test
  void eachLineIsOneWriteAndTheLastWordIsTheEndOfTheOutput() throws Exception {
    List<InputStream> left = new ArrayList<>();
    var writes = new ArrayList<String>();
    var err =
        new java.io.ByteArrayOutputStream() {
          @Override
          public void write(byte[] octets, int offset, int length) {
            writes.add(new String(octets, offset, length, StandardCharsets.ISO_8859_1));
          }

          @Override
          public void write(byte[] octets) {
            write(octets, 0, octets.length);
          }
        };
    context.output(2, err).stdin("unread");
    run(
        (in, out) -> {
          left.add(in);
          out.write(bytes("a\nb"));
          return 0;
        });
    assertEquals("unread", new String(left.get(0).readAllBytes(), StandardCharsets.US_ASCII));
    assertEquals("P > a \nP > b+\nP > [EOF]\n", log(String.join("", writes)));
    assertEquals(3, writes.size());
  }

  @Test
  void aReadThatFailsIsAnEnd() throws Exception {
    context.unreadable();
    run(
        (in, out) -> {
          for (int i = 0; i < 2; i++) {
            try {
              in.read();
              throw new AssertionError("read");
            } catch (IOException e) {
              out.write(bytes("x\n"));
            }
          }
          return 0;
        });
    assertEquals("P < [EOF]\nP > x \nP > x \nP > [EOF]\n", log(context.stderr()));
  }

  @Test
  void sessionsOfOneProcessAreToldApart() throws Exception {
    FakeExecution.Body quiet = (in, out) -> 0;
    run(quiet);
    String first = context.stderr();
    context = new TestContext(List.of("program", "arg"));
    run(quiet);
    assertTrue(first.endsWith(" > [EOF]\n"));
    assertTrue(!first.equals(context.stderr()), first);
  }

  @Test
  void aLogThatNobodyTakesStopsNothing() throws Exception {
    context.output(
        2,
        new java.io.ByteArrayOutputStream() {
          @Override
          public void write(byte[] octets) throws IOException {
            throw new IOException("Broken pipe");
          }
        });
    context.stdin("a\n");
    run(
        (in, out) -> {
          out.write(in.readAllBytes());
          return 0;
        });
    assertEquals("a\n", context.stdout());
  }

  /** How a program cuts its output depends on the moment: that side as text without packets. */
  private static String side(String log, char mark, boolean whole) {
    String side = log(log).replaceAll("(?md)^P [^" + mark + "].*\n", "");
    return whole ? side.replaceAll("[+]\nP " + mark + " ", "") : side;
  }

  @Test
  void asDebianDoesIt() throws Exception {
    Installed.program("recordio");
    var random = new Random(9);
    for (int i = 0; i < 30; i++) {
      byte[] octets = new byte[random.nextInt(i % 3 == 0 ? 5_000 : 50)];
      for (int k = 0; k < octets.length; k++) {
        octets[k] = (byte) "\n\rabcd".charAt(random.nextInt(6));
      }
      compare(new String(octets, StandardCharsets.ISO_8859_1), "cat");
    }
    compare("", "sh", "-c", "cat; echo one; printf two; exit 7");
    // What is left in the background goes on when the program has ended.
    String later = "exec 3<&0; (exec 2>/dev/null; while kill -0 $$; do sleep 0.02; done; ";
    compare(
        "line\n",
        "sh",
        "-c",
        later + "read x <&3; echo late $x; sleep 0.2; echo last) & echo now; exit 3");
    for (String lines : List.of("echo no interpreter\n", "", "#!\n", "#!/nonexistent\n")) {
      Path script = Files.writeString(home.resolve("script"), lines);
      assertTrue(script.toFile().setExecutable(true));
      compareUnable("./script");
    }
    compareUnable("nonexistent");
    compareUnable(".");
    compareUnable("./script/none");
  }

  private void compare(String in, String... program) throws Exception {
    var command = new ArrayList<>(List.of("recordio"));
    command.addAll(List.of(program));
    Tool.Result theirs = Tool.runWithChildren(home, Map.of(), in, command.toArray(String[]::new));
    context = new TestContext(List.of(program)).in(home);
    context.input(new ByteArrayInputStream(bytes(in)));
    context.programs(new SystemPrograms(context));
    assertEquals(theirs.status(), new RecordioProgram().run(context), in);
    assertEquals(theirs.out(), context.stdout(), in);
    assertEquals(side(theirs.err(), '>', true), side(context.stderr(), '>', true), in);
    assertEquals(side(theirs.err(), '<', false), side(context.stderr(), '<', false), in);
  }

  /** The text, and the end of the output; Debian's may meet the end of the input at any time. */
  private void compareUnable(String program) throws Exception {
    Tool.Result theirs =
        Tool.runWithChildren(home, Map.of("PATH", "/usr/bin:/bin"), "", "recordio", program);
    context = new TestContext(List.of(program)).in(home);
    context.programs(new SystemPrograms(context));
    assertEquals(theirs.status(), new RecordioProgram().run(context), program);
    assertEquals("", theirs.out() + context.stdout(), program);
    assertEquals(
        theirs.err().replaceAll("(?m)^[0-9]+ < \\[EOF]\n", "").replaceAll("(?m)^[0-9]+ ", "P "),
        context.stderr().replaceAll("(?m)^[0-9]+ ", "P "));
  }

  @Test
  void troubleIsNamed() throws Exception {
    context = new TestContext(List.of());
    assertEquals(100, new RecordioProgram().run(context));
    assertEquals("recordio: usage: recordio program [ arg ... ]\n", context.stderr());
    context = new TestContext(List.of("-x"));
    context.programs(a -> FakeExecution.failing(context, "error=2, No such file or directory"));
    assertEquals(111, new RecordioProgram().run(context));
    String fatal = "recordio: fatal: unable to run -x: file does not exist\n";
    assertTrue(context.stderr().startsWith(fatal), context.stderr());
    assertEquals("P > [EOF]\n", log(context.stderr().substring(fatal.length())));
  }
}
