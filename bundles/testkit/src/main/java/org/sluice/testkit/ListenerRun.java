package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.sluice.api.net.Connection;
import org.sluice.api.program.Program;

/** Replays a recorded run of a listener (spec 20 section 16) and checks all that came of it. */
public final class ListenerRun {
  /** A listener on a connection. */
  @FunctionalInterface
  public interface Listener {
    /** Serves; the exit status that the program would have. */
    int serve(Connection connection, RecordingQueue queue) throws Exception;
  }

  private static final Template TEMPLATE = new Template().form("DATE", Template.HEADER_DATE);

  private ListenerRun() {}

  /** Through descriptors 0 and 1. */
  public static void program(Map<String, Object> vector, Function<RecordingQueue, Program> program)
      throws Exception {
    var context =
        new TestContext(List.of())
            .stdin(Vectors.text(vector, "stdin"))
            .with(Vectors.object(vector, "env"));
    context.queue.fail(vector);
    long exit = program.apply(context.queue).run(context);
    check(vector, context.stdout(), exit, context.queue);
    assertEquals(Vectors.text(vector, "stderr"), context.stderr(), "descriptor 2");
  }

  /** Through a connection that gives a few octets at a time. */
  public static void connection(Map<String, Object> vector, int step, Listener listener)
      throws Exception {
    Map<String, String> environment = new HashMap<>();
    Vectors.object(vector, "env").forEach((k, v) -> environment.put(k, v.toString()));
    var connection = new TestConnection(Vectors.text(vector, "stdin"), environment, step);
    var queue = new RecordingQueue();
    queue.fail(vector);
    long exit = listener.serve(connection, queue);
    assertEquals(exit, connection.status.orElse(-1), "for the log");
    check(vector, connection.heard(), exit, queue);
  }

  private static void check(
      Map<String, Object> vector, String stdout, long exit, RecordingQueue queue) {
    TEMPLATE.check(Vectors.text(vector, "stdout"), stdout, "descriptor 1");
    assertEquals(vector.get("exit"), exit, "exit status");
    queue.check(vector, TEMPLATE);
  }
}
