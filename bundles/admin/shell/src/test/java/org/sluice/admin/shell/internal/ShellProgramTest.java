package org.sluice.admin.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
