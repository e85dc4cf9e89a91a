package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FilesAfter;
import org.sluice.testkit.FilesBefore;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-pop3d, byte for byte. */
class Pop3dVectorsTest {
  @TempDir Path home;

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("listeners", "qmail-pop3d");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(21, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    var template = new Template().value("home", home);
    FilesBefore.make(Vectors.object(vector, "files"), home, template);
    List<String> arguments = new ArrayList<>();
    ((List<?>) vector.get("args")).forEach(a -> arguments.add(a.toString()));
    var context = new TestContext(arguments).in(home).stdin(Vectors.text(vector, "stdin"));
    // Root may write into any directory: for him it takes more than a mode.
    long exit =
        Frozen.during(
            home.resolve("Maildir/cur"),
            () ->
                (long)
                    new Pop3dProgram(InstantSource.system(), Duration.ofMinutes(20), 1000)
                        .run(context));
    assertEquals(vector.get("exit"), exit);
    template.check(Vectors.text(vector, "stdout"), context.stdout(), "output");
    assertEquals(vector.get("stderr"), context.stderr());
    FilesAfter.check(vector, home, template);
  }
}
