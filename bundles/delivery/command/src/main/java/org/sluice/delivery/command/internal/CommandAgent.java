package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramHost;
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
  private static final String DEFAULT_PATH = "/usr/bin:/bin";
  private final Shell shell;
  private final InProcess inProcess;
  private final Optional<String> programs;

  /** By Declarative Services; {@code sluice.dist} is the distribution's directory. */
  @Activate
  public CommandAgent(BundleContext context, Config config) {
    this(
        new Limits(
            Duration.ofSeconds(config.timeoutSeconds()),
            config.cpuSeconds(),
            config.memoryMegabytes(),
            config.fileMegabytes(),
            config.openFiles()),
        Optional.ofNullable(context.getProperty("sluice.dist")).map(dist -> dist + "/bin"));
  }

  /** With a limit of time only. */
  public CommandAgent(Duration time) {
    this(Limits.of(time), Optional.empty());
  }

  /**
   * With these limits.
   *
   * @param programs the directory that comes first in PATH
   */
  CommandAgent(Limits limits, Optional<String> programs) {
    this.shell = new Shell(limits);
    this.inProcess = new InProcess(limits.time(), Clock.systemUTC());
    this.programs = programs;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindHost(ProgramHost host) {
    inProcess.bind(host);
  }

  void unbindHost(ProgramHost host) {
    inProcess.unbind(host);
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    Map<String, String> environment = environment(delivery);
    try {
      OptionalInt status = inProcess.run(delivery, environment);
      if (status.isPresent()) {
        return result(status.getAsInt());
      }
    } catch (InterruptedIOException e) {
      LOG.warn("a program of {} was stopped: {}", delivery.recipient(), e.getMessage());
      return result(Shell.KILLED);
    } catch (IOException e) {
      LOG.warn("a program of {} failed", delivery.recipient(), e);
      return fail("Unable to run a program: " + e.getMessage() + ". (#4.3.0)");
    }
    return spooled(delivery, environment);
  }

  private Map<String, String> environment(Delivery delivery) {
    if (programs.isEmpty()) {
      return delivery.environment();
    }
    var out = new HashMap<>(delivery.environment());
    out.merge(
        "PATH", programs.get() + ":" + DEFAULT_PATH, (path, own) -> programs.get() + ":" + path);
    return out;
  }

  private DeliveryResult spooled(Delivery delivery, Map<String, String> environment)
      throws InterruptedException {
    if (delivery.message() instanceof FileMessage file) {
      return run(delivery, environment, file.path());
    }
    Path input;
    try {
      input = spool(delivery);
    } catch (IOException e) {
      LOG.warn("message for a program cannot be spooled", e);
      return fail("Unable to read message: " + SystemError.text(e) + ". (#4.3.0)");
    }
    try {
      return run(delivery, environment, input);
    } finally {
      remove(input);
    }
  }

  private DeliveryResult run(Delivery delivery, Map<String, String> environment, Path input)
      throws InterruptedException {
    try {
      return result(shell.run(delivery, environment, input.toFile()));
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
