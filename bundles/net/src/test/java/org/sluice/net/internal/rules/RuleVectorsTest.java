package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.program.Program;
import org.sluice.testkit.FilesAfter;
import org.sluice.testkit.FilesBefore;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of tcprules and tcprulescheck, the databases octet for octet. */
class RuleVectorsTest {
  @TempDir Path home;

  static List<Named<Map<String, Object>>> vectors() {
    return Stream.of("tcprules", "tcprulescheck")
        .flatMap(program -> Vectors.named("listeners", program).stream())
        .toList();
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(32 + 14, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    var template = new Template().value("home", home);
    FilesBefore.make(Vectors.object(vector, "files"), home, template);
    List<String> arguments =
        ((List<?>) vector.get("args")).stream().map(a -> template.fill(a.toString())).toList();
    var context =
        new TestContext(arguments)
            .stdin(Vectors.text(vector, "stdin"))
            .with(Vectors.object(vector, "env"))
            .in(home);
    Program program =
        vector.get("program").equals("tcprules") ? new TcpRules() : new TcpRulesCheck();
    long exit = program.run(context);
    template.check(Vectors.text(vector, "stderr"), context.stderr(), "stderr");
    template.check(Vectors.text(vector, "stdout"), context.stdout(), "stdout");
    assertEquals(vector.get("exit"), exit);
    FilesAfter.check(vector, home, template);
  }
}
