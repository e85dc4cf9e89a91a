package org.sluice.programs.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;
import org.sluice.api.program.Program;
import org.sluice.testkit.Background;

/** Programs come, go and call each other. */
class HostTest {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final Duration BRIEF = Duration.ofMillis(200);

  private final Host host = new Host(DRAIN, BRIEF);

  private static Map<String, Object> named(String name, int ranking, long id) {
    return Map.of(Program.NAME, name, "service.ranking", ranking, "service.id", id);
  }

  /** A registration; null stands for a program that cannot be made. */
  private record Service(Program program, AtomicInteger users)
      implements ComponentServiceObjects<Program> {
    Service(Program program) {
      this(program, new AtomicInteger());
    }

    @Override
    public Program getService() {
      users.incrementAndGet();
      return program;
    }

    @Override
    public void ungetService(Program service) {
      assertSame(program, service);
      users.decrementAndGet();
    }

    @Override
    public ServiceReference<Program> getServiceReference() {
      throw new UnsupportedOperationException();
    }
  }

  private int run(String... argv) throws IOException, InterruptedException {
    return host.execution(List.of(argv)).run();
  }

  @Test
  void theHighestRankingIsRunAndTheNextWhenItIsGone() throws Exception {
    Program low = context -> 1;
    Program high = context -> 2;
    host.bindProgram(new Service(low), named("p", 0, 1));
    host.bindProgram(new Service(high), named("p", 10, 2));
    assertEquals(Set.of("p"), host.names());
    assertEquals(2, run("p"));
    host.unbindProgram(named("p", 10, 2));
    assertEquals(1, run("p"));
  }

  @Test
  void oneThatIsBeingReplacedIsAwaited() throws Exception {
    var host = new Host(DRAIN, Duration.ofSeconds(60));
    host.bindProgram(new Service(context -> 1), named("p", 0, 1));
    host.unbindProgram(named("p", 0, 1));
    assertEquals(Set.of(), host.names());
    var call = new FutureTask<>(() -> host.has("p") ? host.execution(List.of("p")).run() : -1);
    Background.run(call);
    assertThrows(TimeoutException.class, () -> call.get(100, TimeUnit.MILLISECONDS));
    host.bindProgram(new Service(context -> 2), named("p", 0, 2));
    assertEquals(2, call.get(20, TimeUnit.SECONDS));
  }

  @Test
  void oneThatDoesNotComeBackIsNotAwaitedForEver() throws Exception {
    host.bindProgram(new Service(context -> 1), named("true", 0, 1));
    host.unbindProgram(named("true", 0, 1));
    assertFalse(host.has("true"));
    assertEquals(0, run("true"), "the system's");
  }

  @Test
  void furtherProgramsThatAreAnnouncedAreAwaited() throws Exception {
    var host = new Host(DRAIN, Duration.ofSeconds(60));
    Map<String, Object> properties = new HashMap<>(named("first", 0, 1));
    properties.put(Program.MORE, true);
    host.bindProgram(new Service(context -> 1), properties);
    var come = new FutureTask<>(() -> host.has("p"));
    var system = new FutureTask<>(() -> host.execution(List.of("true")).run());
    Background.run(come);
    Background.run(system);
    assertThrows(TimeoutException.class, () -> come.get(100, TimeUnit.MILLISECONDS));
    assertFalse(system.isDone());
    host.bindProgram(new Service(context -> 2), named("p", 0, 2));
    assertTrue(come.get(20, TimeUnit.SECONDS));
    host.updatedProgram(named("first", 0, 1));
    assertEquals(0, system.get(20, TimeUnit.SECONDS), "none of ours has come");
    assertFalse(host.has("true"));
  }

  @Test
  void whoseAnnouncementIsNotMetLeavesNobodyWaiting() throws Exception {
    Map<String, Object> properties = new HashMap<>(named("first", 0, 1));
    properties.put(Program.MORE, true);
    host.bindProgram(new Service(context -> 1), properties);
    assertFalse(host.has("p"));
    host.unbindProgram(properties);
    assertFalse(host.has("p"));
  }

  @Test
  void aProgramCallsItselfAndTheSystem() throws Exception {
    Program program =
        context ->
            context.arguments().isEmpty()
                ? context.exec(List.of("/bin/sh", "-c", "echo deep; exit 5"))
                : context.exec(
                    java.util.stream.Stream.concat(
                            java.util.stream.Stream.of("again"),
                            context.arguments().stream().skip(1))
                        .toList());
    host.bindProgram(new Service(program), named("again", 0, 1));
    var out = new ByteArrayOutputStream();
    assertEquals(5, host.execution(List.of("again", "x", "y")).output(1, out).run());
    assertEquals("deep\n", out.toString());
  }

  @Test
  void aProgramIsAskedForWhenItIsCalledAndGivenBackWhenItLeaves() throws Exception {
    var service = new Service(context -> 4);
    host.bindProgram(service, named("p", 0, 1));
    assertEquals(0, service.users().get(), "it may need the host, which is not there yet");
    assertEquals(4, run("p"));
    assertEquals(4, run("p"));
    assertEquals(1, service.users().get());
    host.unbindProgram(named("p", 0, 1));
    assertEquals(0, service.users().get());
  }

  @Test
  void oneThatCannotBeMadeIsPassedOver() throws Exception {
    host.bindProgram(new Service(null), named("p", 10, 1));
    host.bindProgram(new Service(context -> 6), named("p", 0, 2));
    assertEquals(6, run("p"));
  }

  @Test
  void aBugIsATemporaryFailure() throws Exception {
    var thrown = new AtomicReference<Throwable>();
    Program bug =
        context -> {
          throw Sneaked.<RuntimeException>as(thrown.get());
        };
    host.bindProgram(new Service(bug), named("p", 0, 1));
    for (Throwable each :
        List.of(
            new IllegalStateException("bug"),
            new AssertionError("bug"),
            new StackOverflowError(),
            new NoClassDefFoundError("bug"),
            new ReflectiveOperationException("sneaked"),
            new Throwable("neither"))) {
      thrown.set(each);
      assertEquals(111, run("p"), each.toString());
    }
    thrown.set(new IOException("as it may"));
    assertThrows(IOException.class, () -> run("p"));
    thrown.set(new InterruptedException());
    assertThrows(InterruptedException.class, () -> run("p"));
  }

  /** Checked exceptions where none is declared, as other languages throw them. */
  private static final class Sneaked {
    private Sneaked() {}

    @SuppressWarnings("unchecked")
    static <T extends Throwable> T as(Throwable any) throws T {
      throw (T) any;
    }
  }

  @Test
  void whoLeavesIsWaitedFor() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Program program =
        context -> {
          inside.countDown();
          return goOn.await(20, TimeUnit.SECONDS) ? 3 : 111;
        };
    host.bindProgram(new Service(program), named("p", 0, 1));
    var status = Background.supply(() -> unchecked("p"));
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    var gone = Background.run(() -> host.unbindProgram(named("p", 0, 1)));
    while (host.names().contains("p")) {
      Thread.onSpinWait();
    }
    assertFalse(gone.isDone());
    goOn.countDown();
    gone.get(20, TimeUnit.SECONDS);
    assertEquals(3, status.get(20, TimeUnit.SECONDS));
  }

  @Test
  void whoDoesNotEndIsInterrupted() throws Exception {
    var impatient = new Host(Duration.ofMillis(50), BRIEF);
    var inside = new CountDownLatch(1);
    Program program =
        context -> {
          inside.countDown();
          new CountDownLatch(1).await();
          return 0;
        };
    impatient.bindProgram(new Service(program), named("p", 0, 1));
    var ended = new CompletableFuture<Throwable>();
    var caller =
        new Thread(
            () -> {
              try {
                impatient.execution(List.of("p")).run();
              } catch (IOException | InterruptedException e) {
                ended.complete(e);
              }
            });
    caller.start();
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    impatient.unbindProgram(named("p", 0, 1));
    assertTrue(ended.get(20, TimeUnit.SECONDS) instanceof InterruptedException);
  }

  /** It would wait for its caller, and who unbinds it for as long. */
  @Test
  @Timeout(120)
  void aDaemonThatLeavesIsToldAtOnceAndWaitedFor() throws Exception {
    var patient = new Host(Duration.ofDays(1), BRIEF);
    var inside = new CountDownLatch(1);
    Program daemon =
        context -> {
          inside.countDown();
          try {
            new CountDownLatch(1).await();
            return 111;
          } catch (InterruptedException e) {
            return 0;
          }
        };
    var properties =
        Map.<String, Object>of(Program.NAME, "d", Program.DAEMON, true, "service.id", 1L);
    patient.bindProgram(new Service(daemon), properties);
    var status =
        Background.supply(
            () -> {
              try {
                return patient.execution(List.of("d")).run();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    inside.await();
    patient.unbindProgram(properties);
    assertEquals(0, status.get());
  }

  private int unchecked(String name) {
    try {
      return run(name);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
