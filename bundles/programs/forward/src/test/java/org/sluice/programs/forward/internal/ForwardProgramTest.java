package org.sluice.programs.forward.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.queue.Origin;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.RecordingQueue.Queued;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class ForwardProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "forward");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new ForwardProgram());
  }

  private TestContext context() {
    return new TestContext(List.of("-n"))
        .in(directory)
        .with(Map.of("NEWSENDER", "s@x", "DTLINE", "Delivered-To: j@h\n", "USER", "joe"));
  }

  @Test
  void readsFromThePresentPositionAndTakesNoOptions() throws Exception {
    var context = context().stdin("first\nsecond \u00e9\0");
    context.in().skipNBytes(6);
    assertEquals(0, new ForwardProgram().run(context));
    assertEquals(
        List.of(new Queued("Delivered-To: j@h\nsecond \u00e9\0", "Fs@x\0T-n\0\0", false)),
        context.queue.queued);
  }

  @Test
  void unreadableMessageIsNotQueued() throws Exception {
    var context = context().unreadable();
    assertEquals(111, new ForwardProgram().run(context));
    assertEquals("forward: fatal: unable to read message: input/output error\n", context.stderr());
    assertEquals(List.of(), context.queue.queued);
  }

  @Test
  void interruptQueuesNothing() {
    var context = context().stdin("x\n");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> new ForwardProgram().run(context));
    assertEquals(List.of(), context.queue.queued);
  }

  @Test
  void tellsTheQueueWhoItIs() throws Exception {
    int uid = (Integer) Files.getAttribute(directory, "unix:uid");
    var joe = context();
    new ForwardProgram().run(joe);
    assertEquals(List.of(Origin.user(uid)), joe.queue.origins);
    var alias = context().with(Map.of("USER", "alias"));
    new ForwardProgram().run(alias);
    assertEquals(List.of(Origin.ALIAS), alias.queue.origins);
  }
}
