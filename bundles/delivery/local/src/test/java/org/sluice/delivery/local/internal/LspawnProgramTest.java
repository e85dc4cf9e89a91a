package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** qmail-lspawn (spec 10 sections 12.3, 12.4 and 12.6). */
@Timeout(120)
class LspawnProgramTest {
  private static final String NOTICE = "\nError report too long, sorry.\n";

  @TempDir Path home;
  private final TestContext context = new TestContext(List.of("./Mailbox"));
  private LspawnProgram program;
  private LocalTransport channel;
  private int own;

  @BeforeEach
  void make() throws IOException {
    Files.setAttribute(home, "unix:mode", 0755);
    Path directory = Files.createDirectories(home.resolve("queue/mess/12"));
    Files.writeString(directory.resolve("2165922"), "Subject: x\n\nbody\n");
    own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    program = new LspawnProgram(home);
    channel = channel(true);
    program.addChannel(channel, Map.of());
    context.with(Map.of("PATH", "/usr/bin:/bin"));
  }

  private LocalTransport channel(boolean allowRoot) throws IOException {
    var made =
        new LocalTransport(
            new LocalDelivery(AllAgents.make(), Clock.systemUTC()),
            () -> "not this one",
            Map.of(),
            allowRoot,
            own,
            Optional.empty());
    made.addUsers(this::user, Map.of());
    return made;
  }

  private Optional<LocalUser> user(String local) throws IOException {
    if (local.equals("garbage")) {
      throw new UserLookupException(UserLookupException.ASSIGNMENTS, "5 bytes of garbage", null);
    }
    return Optional.of(
        local.startsWith("joe-")
            ? new LocalUser("joe", own, 77, home, "-", local.substring(4))
            : local.equals("joe")
                ? new LocalUser("joe", own, 77, home, "", "")
                : local.equals("other")
                    ? new LocalUser("other", own + 1, 77, home, "", "")
                    : new LocalUser("alias", own, 77, home, "-", local));
  }

  /** The report for slot 0 with qmail-local played so. */
  private String report(String recipient, Function<List<String>, Execution> qmailLocal)
      throws Exception {
    context
        .stdin("\00012/2165922\0s@x\0" + recipient + "\0")
        .programs(
            argv -> {
              assertEquals("qmail-local", argv.get(0));
              return qmailLocal.apply(argv);
            });
    int before = context.stdout().length();
    assertEquals(0, program.run(context));
    String said = context.stdout().substring(before);
    assertTrue(said.startsWith("x\0") && said.endsWith("\0"), said);
    return said.substring(2, said.length() - 1);
  }

  private String recorded(RecordingExecution.Body body) throws Exception {
    return report("joe@h", argv -> new RecordingExecution(argv, body));
  }

  private String script(String script) throws Exception {
    return report("joe@h", argv -> new SystemPrograms(context).apply(List.of("sh", "-c", script)));
  }

  @Test
  void withoutADefaultDelivery() throws Exception {
    var none = new TestContext(List.of());
    assertEquals(100, program.run(none));
    assertEquals("", none.stdout() + none.stderr());
    Files.delete(home.resolve("queue/mess/12/2165922"));
    Files.delete(home.resolve("queue/mess/12"));
    Files.delete(home.resolve("queue/mess"));
    assertEquals(111, program.run(none), "that comes first");
  }

  @Test
  void argumentsDirectoryAndDescriptors() throws Exception {
    var calls = Collections.synchronizedList(new ArrayList<RecordingExecution>());
    for (String recipient :
        List.of("joe-dump@example.org", "Nobody-dump@foo", "joe-dump@a@b", "joe@h")) {
      String said =
          report(
              recipient,
              argv -> {
                var call = new RecordingExecution(argv, e -> 0);
                calls.add(call);
                return call;
              });
      assertEquals("K", said);
    }
    String before = "qmail-local -- %s " + home + " ";
    assertEquals(
        before.formatted("joe") + "joe-dump - dump example.org s@x ./Mailbox",
        String.join(" ", calls.get(0).argv));
    assertEquals(
        before.formatted("alias") + "Nobody-dump - Nobody-dump foo s@x ./Mailbox",
        String.join(" ", calls.get(1).argv));
    assertEquals(
        before.formatted("joe") + "joe-dump@a - dump@a b s@x ./Mailbox",
        String.join(" ", calls.get(2).argv));
    assertEquals(
        List.of(
            "qmail-local", "--", "joe", home.toString(), "joe", "", "", "h", "s@x", "./Mailbox"),
        calls.get(3).argv);
    var call = calls.get(0);
    assertEquals(Optional.of(home), call.directory);
    assertEquals(Optional.empty(), call.environment, "the caller's");
    assertEquals(call.outputs.get(1), call.outputs.get(2), "one pipe");
    try (var in = call.message.orElseThrow().open()) {
      assertEquals("Subject: x\n\nbody\n", new String(in.readAllBytes(), "US-ASCII"));
    }
  }

  @Test
  void whoGetsNothing() throws Exception {
    assertEquals("K", report("@example.org", argv -> null));
    assertEquals(
        "DSorry, address must include host name. (#5.1.3)\n", report("noat", argv -> null));
    assertEquals("DSorry, address must include host name. (#5.1.3)\n", report("", argv -> null));
    assertEquals(
        "ZTrouble reading users/cdb in qmail-lspawn.\n", report("garbage@h", argv -> null));
    String other = report("other@h", argv -> null);
    assertTrue(other.startsWith("ZDelivery as another user is not possible: "), other);
  }

  @Test
  void withoutAChannel() throws Exception {
    program.removeChannel(channel);
    assertEquals("ZUnable to run qmail-local.\n", report("joe@h", argv -> null));
  }

  @ParameterizedTest
  @CsvSource({
    "0,K", "100,D", "99,D", "1,D", "77,D", "101,D", "127,D", "111,Z", "71,Z", "74,Z", "75,Z"
  })
  void exitCodes(int status, String letter) throws Exception {
    assertEquals(letter + "text for exit\n", script("echo text for exit; exit " + status));
  }

  @ParameterizedTest
  @CsvSource({
    "112,ZInternal qmail-lspawn bug.",
    "113,ZNot allowed to perform deliveries as root.",
    "115,ZNFS failure in qmail-local.",
    "116,ZUnable to find alias user!",
    "117,ZTrouble reading users/cdb in qmail-lspawn.",
    "118,ZTemporary failure in qmail-lspawn.",
    "119,ZOut of memory in qmail-lspawn.",
    "120,ZUnable to run qmail-local.",
    "121,ZUnable to run qmail-getpw.",
    "126,DUnable to run qmail-local."
  })
  void exitCodesWithoutOutput(int status, String text) throws Exception {
    assertEquals(text + "\n", script("echo not this; exit " + status));
  }

  @Test
  void whatIsPrinted() throws Exception {
    assertEquals("Konstderr\n", script("echo onstderr >&2"));
    assertEquals("Kabc", script("printf 'abc\\0def'"));
    assertEquals("Kone\ntwo\nthree\n", script("echo one; echo two >&2; echo three"));
    assertEquals("KSubject: x\n", script("read x; read y; exec 0</proc/self/fd/0; head -1"));
    for (int signal : new int[] {9, 11}) {
      assertEquals("Zqmail-local crashed.\n", script("echo x; kill -" + signal + " $$"));
    }
  }

  @Test
  void aChildInTheBackgroundDelaysTheReport() throws Exception {
    String left = "(while kill -0 $$ 2>/dev/null; do sleep 0.02; done; echo later >&2)";
    assertEquals("Dnow\nlater\n", script(left + " >/dev/null & echo now; exit 100"));
  }

  @ParameterizedTest
  @CsvSource({
    "2999,''",
    "3000,''",
    "3001,",
    "3072,",
    "3076,",
    "3131,",
    "3200,",
    "3204,",
    "3073,D",
    "3074,ND",
    "3075,END",
    "3201,D",
    "3203,END"
  })
  void longReports(int length, String rest) throws Exception {
    String text = "x".repeat(length - 3) + "END";
    String said =
        recorded(
            execution -> {
              execution.outputs.get(1).write(Vectors.bytes(text));
              return 100;
            });
    String cut = text.substring(0, Math.min(length, 2966)) + NOTICE + (rest == null ? "" : rest);
    assertEquals("D" + (length <= 3000 ? text : cut), said);
  }

  @Test
  void aProgramThatCannotBeStarted() throws Exception {
    context.with(Map.of("PATH", home.toString()));
    Function<List<String>, Execution> system = argv -> new SystemPrograms(context).apply(argv);
    assertEquals("ZUnable to run qmail-local.\n", report("joe@h", system), "missing, so far");
    Path file = Files.writeString(home.resolve("qmail-local"), "echo ran\n");
    assertEquals("DUnable to run qmail-local.\n", report("joe@h", system), "not executable");
    assertTrue(file.toFile().setExecutable(true));
    assertEquals("DUnable to run qmail-local.\n", report("joe@h", system), "execve(2), no shell");
    Files.writeString(file, "#!/bin/sh\necho ran \"$@\"\n");
    assertTrue(report("joe@h", system).startsWith("Kran -- joe "));
    assertEquals(
        "ZUnable to run qmail-local.\n",
        recorded(
            execution -> {
              throw new IOException("Cannot allocate memory");
            }));
    assertEquals(
        "Zqmail-local crashed.\n",
        recorded(
            execution -> {
              throw new IllegalStateException("a bug");
            }));
  }

  @Test
  void rootGetsNoMail() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(own == 0, "only root is root");
    program.removeChannel(channel);
    program.addChannel(channel(false), Map.of());
    assertEquals("ZNot allowed to perform deliveries as root.\n", report("joe@h", argv -> null));
  }

  /** As in the server, where the program is registered. */
  private final class Registered implements ProgramSource {
    private final LocalProgram local;

    Registered() throws IOException {
      local = new LocalProgram(AllAgents.make());
    }

    @Override
    public OptionalInt run(String name, ProgramContext ours)
        throws IOException, InterruptedException {
      return name.equals("qmail-local") ? OptionalInt.of(local.run(ours)) : OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext ours) {
      return context.queue;
    }
  }

  @Test
  void ourQmailLocalInProcess() throws Exception {
    var source = new Registered();
    Function<List<String>, Execution> ours =
        argv ->
            new Run(
                source,
                argv,
                context.environment(),
                Path.of("/"),
                new SystemPrograms(context),
                Optional.empty());
    assertEquals("Kdid 1+0+0\n", report("joe@h", ours));
    String mailbox = Files.readString(home.resolve("Mailbox"));
    assertTrue(mailbox.contains("\nDelivered-To: joe@h\nSubject: x\n\nbody\n"), mailbox);
    Files.writeString(home.resolve(".qmail-list"), "&a@x\n|echo said; echo more >&2\n");
    assertEquals("Ksaid\nmore\ndid 0+1+1\nqp 4711\n", report("joe-list@h", ours));
    assertEquals("Fs@x\0Ta@x\0\0", context.queue.queued.get(0).envelope());
    assertEquals("DSorry, no mailbox here by that name. (#5.1.1)\n", report("joe-no@h", ours));
  }
}
