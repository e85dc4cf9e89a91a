package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

/** Spec 30 section 9. */
class SendmailProgramTest {
  private static final String USAGE =
      "sendmail: usage: sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]\n";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("USER", "u", "NAME", "n", "QMAILHOST", "qh", "MAILHOST", "mh");

  @TempDir Path home;

  private final List<String> ran = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  private Control control() {
    return new FakeControl(home, Map.of("me", "host.example.org"));
  }

  /** Words separated by blanks; {@code ''} is an empty one. */
  private static List<String> words(String line) {
    return line == null
        ? List.of()
        : List.of(line.split(" ")).stream().map(w -> w.equals("''") ? "" : w).toList();
  }

  private TestContext context(String arguments, Map<String, String> variables, int status) {
    var context = new TestContext(words(arguments)).with(variables);
    return context.programs(
        argv -> {
          ran.add(String.join(" ", argv.stream().map(w -> w.isEmpty() ? "''" : w).toList()));
          var execution = new FakeExecution[1];
          execution[0] =
              new FakeExecution(
                  context,
                  (in, out) -> {
                    environment = new TreeMap<>(execution[0].environment);
                    return status;
                  });
          return execution[0];
        });
  }

  @ParameterizedTest
  @CsvSource({
    "'',-a --,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-t,-H --,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-it a,-H -- a,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-oi -oem -odb -f s@h a,-a -f s@h -- a,'QMAILHOST=h, QMAILUSER=s, USER=u'",
    "-fs a,-a -f s -- a,'QMAILUSER=s, USER=u'",
    "-f s@h@x a,-a -f s@h@x -- a,'QMAILHOST=x, QMAILUSER=s@h, USER=u'",
    "-f '' a,-a -f '' -- a,'QMAILUSER=, USER=u'",
    "-F Full a,-a -- a,'MAILHOST=mh, MAILNAME=Full, NAME=n, QMAILHOST=qh, USER=u'",
    "-F Full -f s@h a,-a -f s@h -- a,'QMAILHOST=h, QMAILUSER=s, USER=u'",
    "-v -x -m -ee -em -e q -pfoo -B8BITMIME a,-a -- a,"
        + "'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-Eabc -Jdef -E a,-a -- a,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-- -t,-a -- -t,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-om -o x a,-a -- a,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'",
    "-bm -bmx a,-a -- a,'MAILHOST=mh, NAME=n, QMAILHOST=qh, USER=u'"
  })
  void runsQmailInject(String arguments, String inject, String variables) throws Exception {
    var context = context(arguments.isEmpty() ? null : arguments, ENVIRONMENT, 17);
    assertEquals(17, new SendmailProgram(control()).run(context));
    assertEquals(List.of("qmail-inject " + inject), ran);
    assertEquals("{" + variables + "}", environment.toString());
    assertEquals("", context.stderr());
  }

  @Test
  void runsQmailQread() throws Exception {
    for (String arguments : List.of("-t -bp -zz", "-bpx")) {
      assertEquals(3, new SendmailProgram(control()).run(context(arguments, ENVIRONMENT, 3)));
    }
    assertEquals(3, new MailqProgram(control()).run(context("-t x", ENVIRONMENT, 3)));
    assertEquals(List.of("qmail-qread", "qmail-qread", "qmail-qread"), ran);
    assertEquals(new TreeMap<>(ENVIRONMENT), environment);
  }

  @Test
  void runsQmailSmtpd() throws Exception {
    new SendmailProgram(control()).run(context("-bs -q", Map.of("USER", "u"), 0));
    assertEquals(
        "{DATABYTES=0, PROTO=TCP, RELAYCLIENT=, TCPLOCALHOST=localhost, TCPLOCALIP=127.0.0.1, "
            + "TCPREMOTEHOST=localhost, TCPREMOTEINFO=sendmail-bs, TCPREMOTEIP=127.0.0.1, USER=u}",
        environment.toString());
    new SendmailProgram(control()).run(context("-bs", Map.of("PROTO", "TCP6"), 0));
    assertEquals("{PROTO=TCP6}", environment.toString());
    assertEquals(List.of("qmail-smtpd", "qmail-smtpd"), ran);
  }

  private void refuses(Program program, String arguments, String text) throws Exception {
    var context = context(arguments, ENVIRONMENT, 0);
    assertEquals(100, program.run(context));
    assertEquals(text, context.stderr());
    assertEquals(List.of(), ran);
  }

  @Test
  void usage() throws Exception {
    var sendmail = new SendmailProgram(control());
    refuses(sendmail, "-q", "sendmail: illegal option -- q\n" + USAGE);
    refuses(sendmail, "-b", "sendmail: option requires an argument -- b\n" + USAGE);
    refuses(sendmail, "-bd", USAGE);
    refuses(sendmail, "-b ''", USAGE);
    refuses(new MailqProgram(control()), "-q", "mailq: illegal option -- q\n" + USAGE);
    var newaliases = new NewaliasesProgram(control());
    refuses(newaliases, "-q", "newaliases: illegal option -- q\n" + USAGE);
    refuses(newaliases, null, "sendmail: fatal: please use fastforward/newaliases instead\n");
  }

  @Test
  void whatIsMissing() throws Exception {
    var context = context(null, ENVIRONMENT, 0);
    context.programs(argv -> FakeExecution.failing(context, "error=2, No such file"));
    assertEquals(111, new SendmailProgram(control()).run(context));
    assertEquals("sendmail: fatal: unable to run qmail-inject\n", context.stderr());
    var lost = context(null, ENVIRONMENT, 0);
    home = home.resolve("none");
    assertEquals(111, new SendmailProgram(control()).run(lost));
    assertEquals("sendmail: fatal: unable to switch to qmail home directory\n", lost.stderr());
  }

  @Test
  void withQmailInjectBehindIt() throws Exception {
    var context =
        new TestContext(List.of("-f", "list@l.example", "-F", "Full Name", "r@r.example"))
            .with(Map.of("USER", "u", "NAME", "Nm"))
            .stdin("Subject: z\n\n.\nx\n");
    var inner = new ArrayList<TestContext>();
    context.programs(
        argv -> {
          var execution = new FakeExecution[1];
          execution[0] =
              new FakeExecution(
                  context,
                  (in, out) -> {
                    var own = new TestContext(argv.subList(1, argv.size()));
                    inner.add(own.in(home).with(execution[0].environment));
                    own.stdin(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                    return new InjectProgram(control()).run(own);
                  });
          return execution[0];
        });
    assertEquals(0, new SendmailProgram(control()).run(context));
    var queued = inner.get(0).queue.queued.get(0);
    assertEquals("Flist@l.example\0Tr@r.example\0\0", queued.envelope());
    assertEquals(
        "From: list@l.example\nCc: recipient list not shown: ;\nSubject: z\n\n.\nx\n",
        queued.message().substring(queued.message().indexOf("From:")));
  }
}
