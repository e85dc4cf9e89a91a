package org.sluice.programs.qreceipt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class QreceiptProgramTest {
  private static final String FIELD = "Notice-Requested-Upon-Delivery-To: ";

  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "qreceipt");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new QreceiptProgram());
  }

  private TestContext context(String message) {
    return new TestContext(List.of("joe@h"))
        .in(directory)
        .with(Map.of("SENDER", "sam@x"))
        .stdin(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x@y, \"joe\" (comment) @ h",
        "Friends: a@b, <joe@h>;",
        "x@y\nNOTICE-requested-upon-delivery-to : joe@h\nTo: z@z"
      })
  void due(String list) throws Exception {
    var context = context(FIELD + list + "\n\nbody\n");
    assertEquals(0, new QreceiptProgram().run(context));
    assertEquals("F\0Tsam@x\0\0", context.queue.queued.get(0).envelope());
  }

  @ParameterizedTest
  @ValueSource(strings = {"JOE@h", "joe@H", "<@r:joe@h>", "joe", "joe@h.x", "(joe@h)", ""})
  void notDue(String list) throws Exception {
    var context = context(FIELD + list + "\n\n" + FIELD + "joe@h\n");
    assertEquals(0, new QreceiptProgram().run(context));
    assertEquals(List.of(), context.queue.queued);
    assertEquals("", context.stderr());
  }

  @Test
  void lastMessageIdAsItStands() throws Exception {
    var context =
        context("Message-ID: <1>\n" + FIELD + "joe@h\nmessage-id :\n <2\u00e9>\n\nbody\n");
    new QreceiptProgram().run(context);
    assertTrue(
        context
            .queue
            .queued
            .get(0)
            .message()
            .endsWith("Thanks for asking.\nYour message-id :\n <2\u00e9>\n"));
  }

  @Test
  void doubleBouncesAndUnreadableMessages() throws Exception {
    var bounce = context(FIELD + "joe@h\n").with(Map.of("SENDER", "#@[]"));
    assertEquals(0, new QreceiptProgram().run(bounce));
    assertEquals(List.of(), bounce.queue.queued);
    var unreadable = context("").unreadable();
    assertEquals(111, new QreceiptProgram().run(unreadable));
    assertEquals("qreceipt: fatal: read error\n", unreadable.stderr());
  }

  @Test
  void showsAFieldThatIsNoListAsItStands() throws Exception {
    var context = context(FIELD + "a@b,\n joe@h: \t\n\n");
    assertEquals(100, new QreceiptProgram().run(context));
    assertEquals(
        "qreceipt: fatal: unable to parse this: " + FIELD + "a@b,\n joe@h: \t\n", context.stderr());
  }
}
