package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.TestContext;

/** A site, a user and a moment, as in the inline vectors of spec 30 section 11. */
final class InjectRun {
  static final Instant NOW = Instant.parse("2026-11-04T01:06:07Z");

  /** The three fields that nothing is then generated for. */
  static final String COMPLETE =
      "Date: 1 Jan 2001 00:00:00 -0000\nMessage-ID: <m1@id.example>\nFrom: joe@x.example\n";

  private final Map<String, Object> control =
      new HashMap<>(
          Map.of(
              "me", "host.example.org\n",
              "defaultdomain", "dd.example\n",
              "defaulthost", "dh\n",
              "plusdomain", "pd.example\n",
              "idhost", "id.example\n"));
  private final Path home;

  /** What the program sees. */
  final TestContext context;

  InjectRun(Path home, String... arguments) {
    this.home = home;
    context = new TestContext(List.of(arguments)).in(home).with(Map.of("QMAILUSER", "joe"));
  }

  InjectRun control(String file, Object content) {
    control.put(file, content);
    return this;
  }

  InjectRun with(String name, String value) {
    context.with(Map.of(name, value));
    return this;
  }

  /** Runs with this message; the exit status. */
  int run(String message) throws IOException, InterruptedException {
    return run(new InjectProgram(new FakeControl(home, control), () -> NOW), message);
  }

  int run(InjectProgram program, String message) throws IOException, InterruptedException {
    context.stdin(message);
    return program.run(context);
  }

  InjectProgram program() {
    return new InjectProgram(new FakeControl(home, control), () -> NOW);
  }

  /** Runs, and the message that was queued. */
  String queued(String message) throws IOException, InterruptedException {
    assertEquals(0, run(message), context.stderr());
    return context.queue.queued.get(context.queue.queued.size() - 1).message();
  }

  /** The envelope, NUL as a slash. */
  String envelope() {
    return context.queue.queued.get(0).envelope().replace('\0', '/');
  }
}
