package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
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
import org.sluice.base.Child;
import org.sluice.base.FileMessage;
import org.sluice.base.SystemError;

/** Program lines: {@code /bin/sh -c} with the message as standard input (spec 40 section 8). */
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

    @AttributeDefinition(description = "Processor seconds of each process; 0: no limit")
    long cpuSeconds() default 0;

    @AttributeDefinition(description = "Address space of each process, in megabytes; 0: no limit")
    long memoryMegabytes() default 0;

    @AttributeDefinition(description = "Size of files it writes, in megabytes; 0: no limit")
    long fileMegabytes() default 0;

    @AttributeDefinition(description = "Open files of each process; 0: no limit")
    long openFiles() default 0;
  }

  private static final Logger LOG = LoggerFactory.getLogger(CommandAgent.class);
  private static final Set<Integer> PERMANENT = Set.of(100, 64, 65, 70, 76, 77, 78, 112);
  private final Shell shell;

  /** By Declarative Services. */
  @Activate
  public CommandAgent(Config config) {
    this(
        new Limits(
            Duration.ofSeconds(config.timeoutSeconds()),
            config.cpuSeconds(),
            config.memoryMegabytes(),
            config.fileMegabytes(),
            config.openFiles()));
  }

  /** With a limit of time only. */
  public CommandAgent(Duration time) {
    this(Limits.of(time));
  }

  CommandAgent(Limits limits) {
    this.shell = new Shell(limits);
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    if (delivery.message() instanceof FileMessage file) {
      return run(delivery, file.path());
    }
    Path input;
    try {
      input = spool(delivery);
    } catch (IOException e) {
      LOG.warn("message for a program cannot be spooled", e);
      return fail("Unable to read message: " + SystemError.text(e) + ". (#4.3.0)");
    }
    try {
      return run(delivery, input);
    } finally {
      remove(input);
    }
  }

  private DeliveryResult run(Delivery delivery, Path input) throws InterruptedException {
    try {
      return result(shell.run(delivery, delivery.environment(), input.toFile()));
    } catch (IOException e) {
      LOG.warn("cannot start a program for {}", delivery.recipient(), e);
      String what = SystemError.temporary(e) ? "fork" : "run /bin/sh";
      return fail("Unable to " + what + ": " + SystemError.text(e) + ". (#4.3.0)");
    }
  }

  /** What it printed has been passed on. */
  private static DeliveryResult result(int status) {
    if (status == ExitCode.OK) {
      return new DeliveryResult.Delivered("");
    }
    if (status == ExitCode.STOP) {
      return new DeliveryResult.DeliveredStop("");
    }
    if (PERMANENT.contains(status)) {
      return new DeliveryResult.PermFail("");
    }
    // A shell exits likewise if a signal ended the last command; that is temporary too.
    return Child.crashed(status)
        ? fail("Aack, child crashed. (#4.3.0)")
        : new DeliveryResult.TempFail("");
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
