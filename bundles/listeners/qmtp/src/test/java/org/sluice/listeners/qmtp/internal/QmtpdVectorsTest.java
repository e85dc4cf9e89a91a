package org.sluice.listeners.qmtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.net.Connection;
import org.sluice.base.ListenerServices;
import org.sluice.control.internal.ControlFiles;
import org.sluice.testkit.ListenerRun;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
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

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Files.createDirectories(home.resolve("control"));
    Vectors.files(Vectors.object(vector, "control"), home.resolve("control"));
    ListenerRun.program(vector, q -> new QmtpdProgram(services(q), TestConfig.of(10)));
    // In small pieces the answer is sent before the garbage is seen.
    if (!vector.get("name").equals("qmtpd:reply-lost-on-error")) {
      ListenerRun.connection(vector, 1, this::serve);
      ListenerRun.connection(vector, 7, this::serve);
    }
    assertEquals(0, chain.open, "a pass was left open");
  }

  private int serve(Connection connection, RecordingQueue queue) throws InterruptedException {
    return new QmtpSession(connection, services(queue), () -> Optional.of(queue), 10).run();
  }

  private ListenerServices services(RecordingQueue queue) {
    var control = new ControlFiles(home, System::nanoTime);
    return new ListenerServices(
        InstantSource.system(),
        Optional.of(control),
        Optional.of(queue),
        Optional.of(chain),
        Optional.empty());
  }
}
