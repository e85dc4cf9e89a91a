package org.sluice.auth.checkpassword.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.fileinstall.shaded.util.properties.TypedProperties;
import org.junit.jupiter.api.Test;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramHost;

/** Configuration files as FileInstall reads them. */
class CheckerConfigTest {
  private static final Path EXAMPLE =
      Path.of(
          "../../../runtime/felix/src/main/sluice/conf",
          "org.sluice.auth.checkpassword-pam.cfg.example");

  /** What Declarative Services makes of properties, as far as it matters here. */
  private record Config(Map<String, Object> values) implements CheckerConfig {
    private String[] texts(String name, String... otherwise) {
      Object value = values.getOrDefault(name, otherwise);
      return value instanceof String[] list ? list : new String[] {value.toString()};
    }

    @Override
    public String[] command() {
      return texts("command");
    }

    @Override
    public String[] mechanisms() {
      return texts("mechanisms", "PLAIN", "LOGIN");
    }

    @Override
    public String[] environment() {
      return texts("environment", "PATH=/bin");
    }

    @Override
    public int timeoutSeconds() {
      return Integer.parseInt(values.getOrDefault("timeoutSeconds", 30).toString());
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return CheckerConfig.class;
    }
  }

  private static final class NoHost implements ProgramHost {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Execution execution(List<String> argv) {
      throw new UnsupportedOperationException();
    }
  }

  private static Config read(String text) throws IOException {
    var properties = new TypedProperties();
    properties.load(new StringReader(text));
    return new Config(Map.copyOf(properties));
  }

  private static CheckerAuthenticator make(String text) throws IOException {
    return new CheckerAuthenticator(new NoHost(), read(text));
  }

  private static String refusal(String text) {
    return assertThrows(IllegalArgumentException.class, () -> make(text)).getMessage();
  }

  @Test
  void theReadmesBlockIsAList() throws Exception {
    String block =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("    "))
            .collect(Collectors.joining("\n"));
    Config config = read(block);
    assertArrayEquals(
        new String[] {"/usr/bin/checkpassword-pam", "-s", "pop3"}, config.command(), block);
    assertArrayEquals(new String[] {"PLAIN", "LOGIN"}, config.mechanisms());
    assertEquals(30, config.values().get("timeoutSeconds"));
    assertEquals(Set.of("PLAIN", "LOGIN"), make(block).mechanisms());
  }

  @Test
  void theDistributionsExampleIsAList() throws Exception {
    String example = Files.readString(EXAMPLE);
    assertEquals(3, read(example).command().length);
    make(example);
  }

  @Test
  void withoutListsNoTypeIsNeeded() throws Exception {
    String text = "command = /usr/bin/checkpassword\ntimeoutSeconds = 30\n";
    assertArrayEquals(new String[] {"/usr/bin/checkpassword"}, read(text).command());
    assertEquals(Set.of("LOGIN", "PLAIN"), make(text).mechanisms());
  }

  @Test
  void aListThatIsOneTextIsRefused() {
    String bare = "\ntimeoutSeconds = 30\n";
    String command = refusal("command = [ \"/x\", \"-s\" ]" + bare);
    assertTrue(
        command.contains("write command = [ \"...\", \"...\" ], and timeoutSeconds = I\"30\""));
    assertTrue(
        refusal("command = /x\nmechanisms = [ \"PLAIN\" ]" + bare).contains("mechanisms = ["));
    assertTrue(
        refusal("command = /x\nenvironment = [ \"A=1\" ]" + bare).contains("environment = ["));
    assertTrue(refusal("command = /x\nmechanisms = PLAIN, LOGIN").contains("PLAIN, LOGIN; write"));
  }
}
