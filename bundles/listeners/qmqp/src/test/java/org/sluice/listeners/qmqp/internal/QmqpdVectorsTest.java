package org.sluice.listeners.qmqp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.net.Connection;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.ListenerRun;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-qmqpd, byte for byte, through both doors. */
class QmqpdVectorsTest {
  private final OpenChain chain = new OpenChain();

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("listeners", "qmail-qmqpd");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(25, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    ListenerRun.program(vector, q -> new QmqpdProgram(services(q), TestConfig.of(100)));
    ListenerRun.connection(vector, 1, this::serve);
    ListenerRun.connection(vector, 7, this::serve);
    assertEquals(0, chain.open, "a pass was left open");
  }

  private int serve(Connection connection, RecordingQueue queue) throws InterruptedException {
    return new QmqpSession(connection, services(queue), () -> Optional.of(queue), 100).run();
  }

  private ListenerServices services(RecordingQueue queue) {
    return new ListenerServices(
        InstantSource.system(),
        Optional.empty(),
        Optional.of(queue),
        Optional.of(chain),
        Optional.empty());
  }
}
