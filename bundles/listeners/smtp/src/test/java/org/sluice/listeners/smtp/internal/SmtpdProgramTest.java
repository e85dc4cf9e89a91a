package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.TestContext;

/** qmail-smtpd on descriptors whose other end says nothing, or is gone (spec 20 section 7.10). */
@Timeout(60)
class SmtpdProgramTest {
  private static int run(TestContext context) throws InterruptedException {
    return run(context, "1\n");
  }

  private static int run(TestContext context, String timeout) throws InterruptedException {
    var control = new FakeControl(Path.of("/"), Map.of("me", "m\n", "timeoutsmtpd", timeout));
    var services =
        new Services(
            new ListenerServices(
                InstantSource.system(),
                Optional.of(control),
                Optional.of(context.queue),
                Optional.of(new OpenChain()),
                Optional.empty()),
            new Extensions(() -> Duration.ZERO, Duration.ZERO));
    return new SmtpdProgram(services).run(context);
  }

  @Test
  void aSilentClientIsTold() throws Exception {
    var client = new PipedOutputStream();
    var context = new TestContext(List.of()).input(new PipedInputStream(client));
    client.write("NOOP\r\nNO".getBytes());
    assertEquals(1, run(context));
    assertEquals("220 m ESMTP\r\n250 ok\r\n451 timeout (#4.4.2)\r\n", context.stdout());
    assertEquals("", context.stderr());
  }

  @Test
  void aTimeoutLongerThanAnyClockIsNoError() throws Exception {
    for (String timeout : List.of("9223372036854775807\n", "9223372037\n")) {
      var context = new TestContext(List.of()).stdin("QUIT\r\n");
      assertEquals(0, run(context, timeout), context.stderr());
      assertEquals("220 m ESMTP\r\n221 m\r\n", context.stdout());
    }
  }

  @Test
  void aLineMayBeLongerThanOnASocket() throws Exception {
    String line = "NOOP " + "x".repeat(1_000_000) + "\r\n";
    var context = new TestContext(List.of()).stdin(line + line + "NOOP\r\nQUIT\r\n");
    assertEquals(0, run(context));
    assertEquals("220 m ESMTP\r\n250 ok\r\n250 ok\r\n250 ok\r\n221 m\r\n", context.stdout());
    // There is a limit all the same.
    context = new TestContext(List.of()).stdin("MAIL " + "x".repeat(3_000_000) + "\nNOOP\r\n");
    assertEquals(1, run(context));
    assertEquals(
        "220 m ESMTP\r\n500 command line too long (#5.5.2)\r\n250 ok\r\n", context.stdout());
  }

  @Test
  void aClientThatIsGoneEndsIt() throws Exception {
    var gone =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var context = new TestContext(List.of()).stdin("NOOP\r\n").output(1, gone);
    assertEquals(1, run(context));
    assertEquals("", context.stderr());
    assertEquals(1, run(new TestContext(List.of()).unreadable()));
  }
}
