package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-popup, byte for byte. */
class PopupVectorsTest {
  private static final Pattern TIMESTAMP = Pattern.compile("<\\d+\\.\\d+@[^>]*>");
  private static final String SIGNALLED = "-9";

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("listeners", "qmail-popup");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(15, vectors().size());
  }

  private static List<?> list(Map<String, Object> vector, String key) {
    return (List<?>) vector.getOrDefault(key, List.of());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    List<String> arguments = new ArrayList<>();
    list(vector, "args").forEach(a -> arguments.add(a.toString().replace("{checker}", "checker")));
    List<RecordingExecution> checkers = new ArrayList<>();
    List<String> secrets = new ArrayList<>();
    var context = new TestContext(arguments).stdin(Vectors.text(vector, "stdin"));
    context.programs(
        argv -> {
          var checker = new RecordingExecution(argv, run -> check(vector, context, run, secrets));
          checkers.add(checker);
          return checker;
        });
    assertEquals(vector.get("exit"), (long) new PopupProgram().run(context));
    var template = new Template();
    template.check(Vectors.text(vector, "stdout"), context.stdout(), "output");
    assertEquals(vector.get("stderr"), context.stderr());
    assertEquals(vector.containsKey("fd3") ? 1 : 0, checkers.size(), "checkers");
    if (!checkers.isEmpty()) {
      template.check(Vectors.text(vector, "fd3"), secrets.get(0), "descriptor 3");
      List<String> words = checkers.get(0).argv;
      assertEquals(list(vector, "checker_args"), words.subList(1, words.size()));
      assertTrue(sameTimestamp(context.stdout() + secrets.get(0)));
    }
  }

  private static int check(
      Map<String, Object> vector, TestContext context, RecordingExecution run, List<String> secrets)
      throws IOException {
    secrets.add(run.read(3));
    context.out().write(Vectors.bytes(Vectors.text(vector, "checker_stdout")));
    String exit = Vectors.text(vector, "checker_exit");
    return exit.equals(SIGNALLED) ? 137 : exit.isEmpty() ? 0 : Integer.parseInt(exit);
  }

  private static boolean sameTimestamp(String text) {
    Set<String> timestamps = new HashSet<>();
    Matcher matcher = TIMESTAMP.matcher(text);
    while (matcher.find()) {
      timestamps.add(matcher.group());
    }
    return timestamps.size() == 1;
  }
}
