package org.sluice.testkit;

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

  private ListenerRun() {}

  /** Through descriptors 0 and 1. */
  public static void program(Map<String, Object> vector, Function<RecordingQueue, Program> program)
      throws Exception {
    var context =
        new TestContext(List.of())
            .stdin(Vectors.text(vector, "stdin"))
            .with(Vectors.object(vector, "env"));
    prepare(context.queue, vector);
    long exit = program.apply(context.queue).run(context);
    check(vector, context.stdout(), exit, context.queue);
    if (!context.stderr().equals(Vectors.text(vector, "stderr"))) {
      throw new AssertionError("on descriptor 2: " + context.stderr());
    }
  }

  /** Through a connection that gives a few octets at a time. */
  public static void connection(Map<String, Object> vector, int step, Listener listener)
      throws Exception {
    Map<String, String> environment = new HashMap<>();
    Vectors.object(vector, "env").forEach((k, v) -> environment.put(k, v.toString()));
    var connection = new TestConnection(Vectors.text(vector, "stdin"), environment, step);
    var queue = new RecordingQueue();
    prepare(queue, vector);
    long exit = listener.serve(connection, queue);
    check(vector, connection.heard(), exit, queue);
  }

  private static void prepare(RecordingQueue queue, Map<String, Object> vector) {
    queue.exit = (int) (long) (Long) vector.getOrDefault("queue_exit", 0L);
    queue.error = Vectors.text(vector, "queue_error");
  }

  private static void check(
      Map<String, Object> vector, String stdout, long exit, RecordingQueue queue) {
    Vectors.matches(Vectors.text(vector, "stdout"), stdout);
    if (!vector.get("exit").equals(exit)) {
      throw new AssertionError("exit " + exit + ", recorded " + vector.get("exit"));
    }
    Vectors.queued(vector, queue.queued);
  }
}
