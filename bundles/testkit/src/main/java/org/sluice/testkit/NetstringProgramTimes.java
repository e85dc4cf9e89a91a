package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.program.Program;
import org.sluice.base.ListenerServices;
import org.sluice.base.program.TimedOutput;

/**
 * The hour that a client of a program that takes netstrings has in all (spec 20 sections 8.5 and
 * 9.2): a test to extend.
 */
@Timeout(60)
public abstract class NetstringProgramTimes {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LEFT = Duration.ofMillis(50);

  /** As the door's descriptor 1: sees the limit. */
  private static final class Output extends ByteArrayOutputStream implements TimedOutput.Remote {
    Optional<Duration> limit = Optional.empty();

    @Override
    public void limit(Duration duration) {
      limit = Optional.of(duration);
    }
  }

  /** The program, to be run in this process. */
  protected abstract Program program(ListenerServices services);

  private int run(TestContext context, InstantSource clock)
      throws IOException, InterruptedException {
    var services =
        new ListenerServices(
            clock,
            Optional.of(new FakeControl(Path.of("/"), Map.of("me", "m\n"))),
            Optional.of(context.queue),
            Optional.of(new OpenChain()),
            Optional.empty());
    return program(services).run(context);
  }

  @Test
  public final void whoIsSilentToItsEndIsLeftWithoutAWord() throws Exception {
    var looks = new AtomicInteger();
    Instant begin = Instant.ofEpochSecond(1_000_000);
    InstantSource clock = () -> looks.getAndIncrement() == 0 ? begin : begin.plus(HOUR).minus(LEFT);
    var client = new PipedOutputStream();
    var context = new TestContext(List.of()).input(new PipedInputStream(client));
    client.write("10:".getBytes());
    assertEquals(111, run(context, clock));
    assertEquals("", context.stdout());
  }

  @Test
  public final void silenceAloneEndsNothing() throws Exception {
    var out = new Output();
    var context = new TestContext(List.of()).output(1, out);
    assertEquals(0, run(context, InstantSource.fixed(Instant.EPOCH)));
    assertEquals(Optional.of(HOUR), out.limit);
  }
}
