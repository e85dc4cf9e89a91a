package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.control.internal.ControlFiles;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.Template;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-smtpd, byte for byte, with the input in pieces of several sizes. */
class SmtpdVectorsTest {
  @TempDir Path home;
  private final Template template = new Template().form("DATE", Template.HEADER_DATE);

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("listeners", "qmail-smtpd");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(132, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Files.createDirectories(home.resolve("control"));
    Vectors.files(Vectors.object(vector, "control"), home.resolve("control"));
    for (int step : new int[] {1 << 16, 1, 7}) {
      run(vector, step);
    }
  }

  private void run(Map<String, Object> vector, int step) throws Exception {
    Map<String, String> environment = new HashMap<>();
    Vectors.object(vector, "env").forEach((k, v) -> environment.put(k, v.toString()));
    var queue = new RecordingQueue();
    queue.fail(vector);
    boolean open = Boolean.TRUE.equals(vector.get("stdin_open"));
    var dialogue = new Dialogue(Vectors.text(vector, "stdin"), environment, step, open);
    var control = new ControlFiles(home, System::nanoTime);
    var chain = new OpenChain();
    long exit = dialogue.run(control, queue, chain);
    template.check(Vectors.text(vector, "stdout"), dialogue.said(), "descriptor 1");
    assertEquals(vector.get("exit"), exit);
    assertEquals(exit, dialogue.status, "for the log");
    assertEquals(0, chain.open, "a pass was left open");
    queue.check(vector, template);
  }
}
