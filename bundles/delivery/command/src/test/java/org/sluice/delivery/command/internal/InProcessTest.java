package org.sluice.delivery.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;
import org.sluice.base.program.SearchPath;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestDelivery;

/** A program line runs a registered program, or the same one in bin/, with the same result. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InProcessTest {
  @TempDir Path directory;
  private final Map<String, Program> programs = new ConcurrentHashMap<>();
  private Path home;
  private CommandAgent agent;

  /** A host as the distribution's: ours by name, else the system's. */
  private final class Host implements ProgramHost, ProgramSource {
    @Override
    public Set<String> names() {
      return Set.copyOf(programs.keySet());
    }

    @Override
    public Execution execution(List<String> argv) {
      return new Run(this, argv, Map.of(), Path.of("/"), Descriptors.NONE, Optional.empty());
    }

    @Override
    public OptionalInt run(String name, ProgramContext context)
        throws IOException, InterruptedException {
      Program program = programs.get(name);
      return program == null ? OptionalInt.empty() : OptionalInt.of(program.run(context));
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      return new RecordingQueue();
    }
  }

  @BeforeEach
  void make() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    Files.createDirectory(directory.resolve("bin"));
    agent = new CommandAgent(Limits.of(Duration.ofMinutes(4)), SearchPath.of(directory.toString()));
    agent.bindHost(new Host());
  }

  /** Prints arguments, directory, environment and the message twice. */
  private static int show(ProgramContext context) throws IOException {
    var out = new StringBuilder();
    context.arguments().forEach(a -> out.append('<').append(a).append(">\n"));
    out.append(context.directory()).append('\n');
    new TreeMap<>(context.environment())
        .forEach((n, v) -> out.append(n).append('=').append(v).append('\n'));
    out.append(new String(context.in().readAllBytes(), StandardCharsets.ISO_8859_1));
    context.rewind();
    out.append(new String(context.in().readAllBytes(), StandardCharsets.ISO_8859_1));
    context.out().write(out.toString().getBytes(StandardCharsets.ISO_8859_1));
    context.err().write("complaint\n".getBytes(StandardCharsets.ISO_8859_1));
    return 0;
  }

  private void script(String name, String text) throws IOException {
    Path file = directory.resolve("bin/" + name);
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void withTheSameResultAsThroughTheShell() throws Exception {
    // What the shell itself adds is taken out again.
    script(
        "show",
        "for a; do echo \"<$a>\"; done; pwd; env -u PWD -u OLDPWD -u _ | LC_ALL=C sort\n"
            + "f=/proc/self/fd/0; cat; cat <$f; echo complaint >&2\n");
    String line = "show joe@example.org 'a  b' \"c'd\" ''";
    var bySystem = new TestDelivery(home).with("SENDER", "caf\u00e9 x@y");
    assertEquals(new DeliveryResult.Delivered(""), agent.deliver(bySystem.of(line)));
    programs.put("show", InProcessTest::show);
    var inProcess = new TestDelivery(home).with("SENDER", "caf\u00e9 x@y");
    assertEquals(new DeliveryResult.Delivered(""), agent.deliver(inProcess.of(line)));
    assertEquals(bySystem.text(), inProcess.text());
    assertTrue(inProcess.text().contains("<c'd>\n<>\n"), inProcess.text());
  }

  @Test
  void exitStatusesMeanTheSame() throws Exception {
    script("end", "exit $1\n");
    for (int status : new int[] {0, 99, 100, 64, 111, 1, 77, 112, 137}) {
      String line = "end " + status;
      DeliveryResult bySystem = agent.deliver(new TestDelivery(home).of(line));
      programs.put("end", context -> Integer.parseInt(context.arguments().get(0)));
      assertEquals(bySystem, agent.deliver(new TestDelivery(home).of(line)), line);
      programs.clear();
    }
  }

  @Test
  void shellSyntaxGoesToTheShell() throws Exception {
    programs.put("end", context -> 100);
    script("end", "echo system $1\n");
    var delivery = new TestDelivery(home);
    assertEquals(new DeliveryResult.Delivered(""), agent.deliver(delivery.of("end x; exit 0")));
    assertEquals("system x\n", delivery.text());
  }

  @Test
  void aProgramThatIsNowhereIsDeferredWithAReason() throws Exception {
    var delivery = new TestDelivery(home);
    assertEquals(new DeliveryResult.TempFail(""), agent.deliver(delivery.of("gone joe@x")));
    assertTrue(delivery.text().contains("gone: not found"), delivery.text());
  }

  @Test
  void aProgramThatGoesBetweenIsDeferredWithAReason() throws Exception {
    agent.unbindHost(null);
    agent.bindHost(
        new ProgramHost() {
          @Override
          public Set<String> names() {
            return Set.of("gone");
          }

          @Override
          public Execution execution(List<String> argv) {
            return new Host().execution(argv);
          }
        });
    var result = agent.deliver(new TestDelivery(home).of("gone joe@x"));
    assertEquals(
        new DeliveryResult.TempFail(
            "Unable to run a program: gone: no such program, neither registered nor in PATH."
                + " (#4.3.0)\n"),
        result);
  }

  @Test
  void aHostThatGoesIsWaitedFor() throws Exception {
    var inside = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var host = new Host();
    agent.bindHost(host);
    programs.put(
        "stay",
        context -> {
          inside.countDown();
          assertTrue(leave.await(1, TimeUnit.MINUTES));
          return 99;
        });
    var results = new java.util.concurrent.CompletableFuture<DeliveryResult>();
    new Thread(
            () -> {
              try {
                results.complete(agent.deliver(new TestDelivery(home).of("stay")));
              } catch (InterruptedException e) {
                results.completeExceptionally(e);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .start();
    assertTrue(inside.await(1, TimeUnit.MINUTES));
    var gone = new Thread(() -> agent.unbindHost(host));
    gone.start();
    leave.countDown();
    gone.join(TimeUnit.MINUTES.toMillis(1));
    assertEquals(new DeliveryResult.DeliveredStop(""), results.get(1, TimeUnit.MINUTES));
    assertEquals(new DeliveryResult.TempFail(""), agent.deliver(new TestDelivery(home).of("stay")));
  }
}
