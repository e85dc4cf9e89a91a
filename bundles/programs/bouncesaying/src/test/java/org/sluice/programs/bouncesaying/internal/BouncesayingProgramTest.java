package org.sluice.programs.bouncesaying.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.Vectors;

class BouncesayingProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "bouncesaying");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new BouncesayingProgram());
  }
}
