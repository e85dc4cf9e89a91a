package org.sluice.delivery.command.internal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Threads;

/** Runs {@code /bin/sh -c} with the message as standard input. */
@Component(
    property = DeliveryAgent.AGENT + "=command",
    configurationPid = "org.sluice.delivery.command")
@Designate(ocd = CommandAgent.Config.class)
public final class CommandAgent implements DeliveryAgent {
  /** Limits. */
  @ObjectClassDefinition(name = "Sluice command agent")
  public @interface Config {
    @AttributeDefinition(description = "Seconds a program may run before it is killed")
    long timeoutSeconds() default 86400;
  }

  private static final Logger LOG = LoggerFactory.getLogger(CommandAgent.class);
  private static final Set<Integer> PERMANENT = Set.of(100, 64, 65, 70, 76, 77, 78, 112);
  private static final long OUTPUT_GRACE_MILLIS = 1000;

  /** Java reports a death by signal n as 128 + n; shells exit likewise, and both are temporary. */
  private static final int SIGNALLED = 128;

  private static final int LAST_SIGNAL = 64;
  private final ThreadFactory readers = Threads.platform("sluice-command-output-");
  private final Map<String, String> inherited;
  private final Duration limit;

  /** By Declarative Services; programs inherit the server's environment, as under qmail. */
  @Activate
  public CommandAgent(Config config) {
    this(System.getenv(), Duration.ofSeconds(config.timeoutSeconds()));
  }

  /** With another environment to inherit. */
  public CommandAgent(Map<String, String> inherited, Duration limit) {
    this.inherited = Map.copyOf(inherited);
    this.limit = limit;
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    Path input;
    try {
      input = spool(delivery);
    } catch (IOException e) {
      LOG.warn("message for a program cannot be spooled", e);
      return fail("Unable to read message: input/output error. (#4.3.0)");
    }
    try {
      return run(delivery, input.toFile());
    } catch (IOException e) {
      LOG.warn("cannot start a program for {}", delivery.recipient(), e);
      return fail("Unable to fork: temporary failure. (#4.3.0)");
    } finally {
      remove(input);
    }
  }

  private DeliveryResult run(Delivery delivery, File input)
      throws IOException, InterruptedException {
    Map<String, String> values = delivery.environment();
    var builder =
        new ProcessBuilder("/bin/sh", "-c", Script.of(delivery.instruction(), values))
            .directory(delivery.user().home().toFile())
            .redirectInput(input)
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(inherited);
    values.forEach(
        (name, value) -> {
          if (Script.ascii(value)) {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.start();
    var output = new Output(process.getInputStream());
    readers.newThread(output).start();
    boolean ended = false;
    try {
      ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        kill(process);
      }
    }
    String text = output.text(OUTPUT_GRACE_MILLIS);
    return ended
        ? result(process.exitValue(), text)
        : fail(text + "Timeout on program delivery. (#4.3.0)");
  }

  private static DeliveryResult result(int status, String text) {
    if (status == ExitCode.OK) {
      return new DeliveryResult.Delivered(text);
    }
    if (status == ExitCode.STOP) {
      return new DeliveryResult.DeliveredStop(text);
    }
    if (PERMANENT.contains(status)) {
      return new DeliveryResult.PermFail(text);
    }
    if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
      return fail(text + "Aack, child crashed. (#4.3.0)");
    }
    return new DeliveryResult.TempFail(text);
  }

  /** Children first would let the shell start others, so the shell goes first. */
  private static void kill(Process process) {
    var descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /** A file, because programs may seek on descriptor 0, and condredirect and others do. */
  private static Path spool(Delivery delivery) throws IOException {
    Path file = Files.createTempFile("sluice-command-", ".eml");
    boolean done = false;
    try (InputStream in = delivery.message().open();
        var out = Files.newOutputStream(file)) {
      in.transferTo(out); // into the file that is private already
      done = true;
      return file;
    } finally {
      if (!done) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static DeliveryResult fail(String text) {
    return new DeliveryResult.TempFail(text + "\n");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
  }
}
