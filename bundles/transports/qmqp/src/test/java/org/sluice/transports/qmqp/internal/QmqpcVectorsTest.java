package org.sluice.transports.qmqp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.ScriptedServer;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-qmqpc, at a free port in the place of 628. */
class QmqpcVectorsTest {
  @TempDir Path home;

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("remote", "qmail-qmqpc");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(22, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    int port = freePort();
    Map<String, ScriptedServer> servers = new HashMap<>();
    try {
      for (var entry : steps(vector).entrySet()) {
        servers.put(entry.getKey(), new ScriptedServer(entry.getKey(), port, entry.getValue()));
      }
      var context =
          new TestContext(List.of())
              .stdin(Vectors.text(vector, "stdin"))
              .input(1, Vectors.text(vector, "envelope"));
      var control = new FakeControl(home, Vectors.object(vector, "control"));
      long exit = new QmqpcProgram(control, new QmqpClient(port)).run(context);
      assertEquals(vector.get("exit"), exit);
      assertEquals("", context.stderr());
      for (var entry : sent(vector).entrySet()) {
        assertEquals(entry.getValue(), servers.get(entry.getKey()).received());
      }
    } finally {
      for (ScriptedServer server : servers.values()) {
        server.close();
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The steps of each server by its address. */
  @SuppressWarnings("unchecked") // the shape that the format prescribes
  private static Map<String, List<Map<String, Object>>> steps(Map<String, Object> vector) {
    if (vector.containsKey("server")) {
      return Map.of("127.0.0.1", (List<Map<String, Object>>) vector.get("server"));
    }
    return (Map<String, List<Map<String, Object>>>) vector.getOrDefault("servers", Map.of());
  }

  private static Map<String, Object> sent(Map<String, Object> vector) {
    return vector.get("client_sent") instanceof String text
        ? Map.of("127.0.0.1", text)
        : Vectors.object(vector, "client_sent");
  }
}
