package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.ScriptedServer;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-remote, byte for byte, through the program door. */
class RemoteVectorsTest {
  private static final String TABLE = "queue/lock/tcpto";
  @TempDir Path temp;

  @Test
  void allRecordedRuns() throws Exception {
    List<Map<String, Object>> vectors = Vectors.of("remote");
    int run = 0;
    var others = new TreeMap<String, Integer>();
    var wrong = new ArrayList<String>();
    for (Map<String, Object> vector : vectors) {
      if (!vector.get("program").equals("qmail-remote")) {
        others.merge((String) vector.get("program"), 1, Integer::sum);
        continue;
      }
      run++;
      try {
        run(vector, Files.createDirectory(temp.resolve("home" + run)));
      } catch (AssertionError e) {
        wrong.add(vector.get("name") + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(68, run);
    // qmail-qmqpc belongs to the program of that name.
    assertEquals(Map.of("qmail-qmqpc", 22), others);
  }

  private static void run(Map<String, Object> vector, Path home) throws Exception {
    if (table(vector, "files") != null) {
      Files.createDirectories(home.resolve(TABLE).getParent());
      Files.write(home.resolve(TABLE), table(vector, "files"));
    }
    List<Map<String, Object>> steps = cast(vector.getOrDefault("server", List.of()));
    try (var server = new ScriptedServer(steps)) {
      if (!vector.containsKey("server")) {
        server.stop();
      }
      var control =
          new TreeMap<String, Object>(TestClient.<Map<String, Object>>cast(vector.get("control")));
      control.replaceAll(
          (k, v) -> v instanceof String s ? s.replace("{port}", "" + server.port()) : v);
      var client =
          new SmtpClient(new FakeControl(home, control), new FakeDns(), FakeDns::own, true);
      var context = new TestContext(cast(vector.get("args"))).stdin((String) vector.get("stdin"));
      long exit = new RemoteProgram(client).run(context);
      client.close();
      assertEquals(vector.get("stdout"), context.stdout());
      assertEquals(vector.get("exit"), exit);
      if (vector.get("client_sent") instanceof String sent) {
        if (sent.isEmpty()) {
          server.stop();
        }
        assertEquals(sent, server.received());
      } else if (vector.get("client_sent_prefix") instanceof String prefix) {
        String sent = server.received();
        assertTrue(sent.startsWith(prefix), sent);
        assertTrue(!sent.endsWith("\r\n.\r\n") && !sent.contains("QUIT"), sent);
      }
    }
    if (table(vector, "files_after") != null) {
      assertEquals(
          HexFormat.of().formatHex(table(vector, "files_after")),
          HexFormat.of().formatHex(Files.readAllBytes(home.resolve(TABLE))));
    }
  }

  private static byte[] table(Map<String, Object> vector, String key) {
    Map<String, Map<String, Object>> files = cast(vector.getOrDefault(key, Map.of()));
    return files.containsKey(TABLE)
        ? HexFormat.of().parseHex((String) files.get(TABLE).get("hex"))
        : null;
  }

  private static <T> T cast(Object o) {
    return TestClient.cast(o);
  }
}
