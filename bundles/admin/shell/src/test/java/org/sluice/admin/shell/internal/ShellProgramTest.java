package org.sluice.admin.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.sluice.testkit.TestContext;

/** The console over descriptors, with the real interpreter. */
class ShellProgramTest {
  private final ThreadIOImpl streams = new ThreadIOImpl();
  private final CommandProcessorImpl processor = new CommandProcessorImpl(streams);
  private final ShellProgram shell = new ShellProgram(processor);

  @BeforeEach
  void commands() {
    streams.start();
    Function echo = (session, words) -> "said " + words;
    Function status = (session, words) -> Integer.valueOf(words.get(0).toString());
    processor.addCommand("sluice", echo, "echo");
    processor.addCommand("sluice", status, "status");
  }

  @AfterEach
  void stop() {
    processor.stop();
    streams.stop();
  }

  @Test
  void oneCommand() throws Exception {
    var context = new TestContext(List.of("echo", "a", "b"));
    assertEquals(0, shell.run(context));
    assertEquals("said [a, b]\n", context.stdout());
  }

  @Test
  void theStatusOfTheLastCommandIsTheShells() throws Exception {
    var context = new TestContext(List.of()).stdin("echo x\n\nstatus 7\nexit\nnever\n");
    assertEquals(7, shell.run(context));
    assertEquals("sluice> said [x]\nsluice> sluice> sluice> ", context.stdout());
  }

  @Test
  void exitHasAStatus() throws Exception {
    var context = new TestContext(List.of()).stdin("status 7\n exit  3 \nnever\n");
    assertEquals(3, shell.run(context));
    assertEquals(3, shell.run(new TestContext(List.of("exit", "3"))));
    assertEquals(0, shell.run(new TestContext(List.of("exit"))));
    assertEquals(100, shell.run(new TestContext(List.of("exit", "now"))));
  }

  @Test
  void bundlesAreWords() throws Exception {
    Bundle older = bundle(41, "org.example.f", "1.0.0");
    Bundle newer = bundle(42, "org.example.f", "2.0.0");
    BundleContext framework =
        Stub.of(
            BundleContext.class,
            Map.of(
                "getBundles",
                arguments -> new Bundle[] {older, newer},
                "getBundle",
                arguments -> arguments[0].equals(41L) ? older : null));
    processor.addConverter(new BundleConverter(framework));
    processor.addCommand("felix", new Stops(), "halt");
    for (String[] words : new String[][] {{"41", "41"}, {"org.example.f", "42"}}) {
      var context = new TestContext(List.of("halt", words[0]));
      assertEquals(0, shell.run(context), context.stderr());
      assertEquals("halted " + words[1] + "\n", context.stdout());
    }
    var both = new TestContext(List.of("halt", "org.example.f", "41"));
    assertEquals(0, shell.run(both), both.stderr());
    assertEquals("halted 42 41\n", both.stdout());
    for (String nobody : List.of("7", "org.example")) {
      var context = new TestContext(List.of("halt", nobody));
      assertEquals(100, shell.run(context));
      assertTrue(context.stderr().contains("of those that lb lists"), context.stderr());
    }
  }

  /** As Gogo's own commands for bundles are made. */
  public static final class Stops {
    public String halt(Bundle... bundles) {
      var text = new StringBuilder("halted");
      for (Bundle bundle : bundles) {
        text.append(' ').append(bundle.getBundleId());
      }
      return text.toString();
    }
  }

  private static Bundle bundle(long id, String name, String version) {
    return Stub.of(
        Bundle.class,
        Map.of(
            "getBundleId",
            arguments -> id,
            "getSymbolicName",
            arguments -> name,
            "getVersion",
            arguments -> Version.parseVersion(version)));
  }

  /** Interfaces of the framework that answer a few questions. */
  private static final class Stub {
    private Stub() {}

    static <T> T of(Class<T> type, Map<String, Answer> answers) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> answers.get(method.getName()).of(arguments)));
    }
  }

  private interface Answer {
    Object of(Object[] arguments);
  }

  @Test
  void theEndOfTheInputEndsIt() throws Exception {
    var context = new TestContext(List.of()).stdin("status 0");
    assertEquals(0, shell.run(context));
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    var context = new TestContext(List.of("no-such-command"));
    assertEquals(100, shell.run(context));
    assertTrue(context.stderr().contains("no-such-command"), context.stderr());
  }
}
