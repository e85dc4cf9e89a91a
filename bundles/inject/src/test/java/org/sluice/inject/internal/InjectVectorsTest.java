package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** All recorded runs (spec 30 section 11.1), and for those that print also what is queued. */
class InjectVectorsTest {
  private static final Template TEMPLATE =
      new Template().form("DATE", Template.HEADER_DATE).form("STAMP", "\\d{14}");

  @TempDir Path home;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.of("inject").stream().map(v -> Named.of(v.get("name").toString(), v)).toList();
  }

  @Test
  void allAreThere() {
    assertEquals(149, runs().size());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Map<String, Object> control = Vectors.object(vector, "control");
    for (var file : control.entrySet()) {
      Vectors.files(Map.of("control/" + file.getKey(), file.getValue()), home);
    }
    List<String> arguments = new ArrayList<>();
    ((List<?>) vector.get("args")).forEach(a -> arguments.add(a.toString()));
    var program = new InjectProgram(new FakeControl(home, control));

    var context = context(vector, arguments);
    assertEquals(((Long) vector.get("exit")).intValue(), program.run(context), context.stderr());
    TEMPLATE.check(Vectors.text(vector, "stderr"), context.stderr(), "stderr");
    TEMPLATE.check(Vectors.text(vector, "stdout"), context.stdout(), "stdout");
    if (!vector.containsKey("envelope")) {
      assertEquals(List.of(), context.queue.queued);
      return;
    }

    String message = Vectors.text(vector, "queued_message");
    if (message.isEmpty()) {
      assertEquals(List.of(), context.queue.queued);
      String rest = arguments.remove(0).substring(2); // of -n, which is always the first
      if (!rest.isEmpty()) {
        arguments.add(0, "-" + rest);
      }
      context = context(vector, arguments);
      assertEquals(0, program.run(context), context.stderr());
      String printed = Vectors.text(vector, "stdout");
      message = printed.substring(printed.indexOf('\n') + 1);
    }
    assertEquals("", context.stdout());
    assertEquals(1, context.queue.queued.size());
    TEMPLATE.check(message, context.queue.queued.get(0).message(), "message");
    TEMPLATE.check(envelope(vector), context.queue.queued.get(0).envelope(), "envelope");
  }

  private TestContext context(Map<String, Object> vector, List<String> arguments) {
    return new TestContext(arguments)
        .in(home)
        .with(Vectors.object(vector, "env"))
        .stdin(Vectors.text(vector, "stdin"));
  }

  private static String envelope(Map<String, Object> vector) {
    Map<String, Object> envelope = Vectors.object(vector, "envelope");
    var text = new StringBuilder("F").append(envelope.get("sender")).append('\0');
    ((List<?>) envelope.get("recipients")).forEach(r -> text.append('T').append(r).append('\0'));
    return text.append('\0').toString();
  }
}
