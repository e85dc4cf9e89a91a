package org.sluice.listeners.qmtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.control.internal.ControlFiles;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestConnection;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-qmtpd, byte for byte, through both doors. */
class QmtpdVectorsTest {
  @TempDir Path home;
  private final OpenChain chain = new OpenChain();

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("listeners", "qmail-qmtpd");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(31, vectors().size());
  }

  private Services services(RecordingQueue queue) {
    var control = new ControlFiles(home, System::nanoTime);
    return new Services(InstantSource.system(), control, queue, chain);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Files.createDirectories(home.resolve("control"));
    Vectors.files(Vectors.object(vector, "control"), home.resolve("control"));
    program(vector);
    // In small pieces the answer is sent before the garbage is seen.
    if (!vector.get("name").equals("qmtpd:reply-lost-on-error")) {
      connection(vector, 1);
      connection(vector, 7);
    }
    assertEquals(0, chain.open, "a pass was left open");
  }

  private void program(Map<String, Object> vector) throws Exception {
    var context =
        new TestContext(List.of())
            .stdin(Vectors.text(vector, "stdin"))
            .with(Vectors.object(vector, "env"));
    prepare(context.queue, vector);
    QmtpConfig config = TestConfig.of(10_000);
    long exit = new QmtpdProgram(services(context.queue), config).run(context);
    Vectors.matches(Vectors.text(vector, "stdout"), context.stdout());
    assertEquals(vector.get("exit"), exit);
    assertEquals("", context.stderr());
    Vectors.queued(vector, context.queue.queued);
  }

  private void connection(Map<String, Object> vector, int step) throws Exception {
    Map<String, String> environment = new HashMap<>();
    Vectors.object(vector, "env").forEach((k, v) -> environment.put(k, v.toString()));
    var connection = new TestConnection(Vectors.text(vector, "stdin"), environment, step);
    var queue = new RecordingQueue();
    prepare(queue, vector);
    long exit =
        new QmtpSession(connection, services(queue), () -> Optional.of(queue), 10_000).run();
    Vectors.matches(Vectors.text(vector, "stdout"), connection.heard());
    assertEquals(vector.get("exit"), exit);
    Vectors.queued(vector, queue.queued);
  }

  private static void prepare(RecordingQueue queue, Map<String, Object> vector) {
    queue.exit = (int) (long) (Long) vector.getOrDefault("queue_exit", 0L);
    queue.error = Vectors.text(vector, "queue_error");
  }
}
