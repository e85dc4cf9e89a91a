package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
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
import org.sluice.api.program.ProgramHost;
import org.sluice.base.program.SearchPath;

/** Program lines (spec 40 section 8): a registered program in process, else the shell. */
@Component(
    property = {
      DeliveryAgent.AGENT + "=command",
      DeliveryAgent.AS_USER + "=org.sluice.delivery.command.internal.ShellAgent"
    },
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

    @AttributeDefinition(description = "Processes and threads of the user in all; 0: no limit")
    long processes() default 0;
  }

  private static final Logger LOG = LoggerFactory.getLogger(CommandAgent.class);
  private final ShellAgent shell;
  private final InProcess inProcess;
  private final SearchPath path;

  /** By Declarative Services; {@code sluice.dist} is the distribution's directory. */
  @Activate
  public CommandAgent(BundleContext context, Config config) {
    this(
        new Limits(
            Duration.ofSeconds(config.timeoutSeconds()),
            config.cpuSeconds(),
            config.memoryMegabytes(),
            config.fileMegabytes(),
            config.openFiles(),
            config.processes()),
        SearchPath.of(context.getProperty("sluice.dist")));
  }

  CommandAgent(Limits limits, SearchPath path) {
    this.shell = new ShellAgent(limits, path);
    this.inProcess = new InProcess(limits.time(), Clock.systemUTC());
    this.path = path;
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
    try {
      OptionalInt status = inProcess.run(delivery, path.in(delivery.environment()));
      return status.isPresent() ? ShellAgent.result(status.getAsInt()) : shell.deliver(delivery);
    } catch (InterruptedIOException e) {
      LOG.warn("a program of {} was stopped: {}", delivery.recipient(), e.getMessage());
      return ShellAgent.result(Shell.KILLED);
    } catch (IOException e) {
      LOG.warn("a program of {} failed", delivery.recipient(), e);
      return ShellAgent.fail("Unable to run a program: " + e.getMessage() + ". (#4.3.0)");
    }
  }
}
