package org.sluice.tools.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class MaildirmakeProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "maildirmake");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new MaildirmakeProgram());
  }

  @Test
  void relativeNamesAndFurtherArguments() throws Exception {
    var context = new TestContext(List.of("M/", "ignored")).in(directory);
    assertEquals(0, new MaildirmakeProgram().run(context));
    assertTrue(Files.isDirectory(directory.resolve("M/cur")));
    assertFalse(Files.exists(directory.resolve("ignored")));
  }

  @Test
  void emptyName() throws Exception {
    var context = new TestContext(List.of("")).in(directory);
    assertEquals(111, new MaildirmakeProgram().run(context));
    assertEquals("maildirmake: fatal: unable to mkdir : file does not exist\n", context.stderr());
  }
}
