package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.base.QmailStart;
import org.sluice.base.Uses;

/** The local channel: the job of qmail-lspawn (spec 40 section 2). */
@Component(
    service = {Transport.class, LocalTransport.class},
    property = Transport.CHANNEL + "=local",
    configurationPid = "org.sluice.delivery.local")
@Designate(ocd = LocalTransport.Config.class)
public final class LocalTransport implements Transport {
  /** What qmail takes on qmail-start's command line. */
  @ObjectClassDefinition(name = "Sluice local delivery")
  public @interface Config {
    @AttributeDefinition(
        description =
            "Instructions for accounts without a .qmail; control/defaultdelivery wins, and before"
                + " it what qmail-start was given")
    String defaultDelivery() default "./Maildir/";

    @AttributeDefinition(
        description = "Deliver to accounts with uid 0, which qmail refuses; for containers")
    boolean allowRoot() default false;

    @AttributeDefinition(
        description =
            "Variables of the server's environment that programs get; all if qmail-start started it")
    String[] environment() default {
      "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "JAVA_HOME", "SLUICE_HOME"
    };

    @AttributeDefinition(
        description = "Processes that deliver to other users, if the server runs as root")
    int workers() default 16;

    @AttributeDefinition(description = "Such processes for one user")
    int workersEach() default 4;

    @AttributeDefinition(description = "Seconds that such a process is kept without work")
    long workerIdleSeconds() default 60;

    @AttributeDefinition(description = "Seconds that it may take over one delivery")
    long deliverySeconds() default 90000;
  }

  private static final Logger LOG = LoggerFactory.getLogger(LocalTransport.class);
  private static final String DIST = "sluice.dist";
  private final LocalDelivery delivery;
  private final LocalDelivery.Defaults defaults;
  private final Map<String, String> environment;
  private final Lookup lookup;
  private final Optional<Workers> workers;

  /** By Declarative Services. */
  @Activate
  public LocalTransport(
      BundleContext context, @Reference Control control, @Reference Agents agents, Config config)
      throws IOException {
    this(
        new LocalDelivery(agents, Clock.systemUTC()),
        () -> defaults(control, config.defaultDelivery()),
        QmailStart.environment().orElseGet(() -> Inherited.of(config.environment())),
        config.allowRoot(),
        own(),
        own() == 0 ? Optional.of(workers(context, agents, config)) : Optional.empty());
  }

  private static int own() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private static Workers workers(BundleContext context, Agents agents, Config config) {
    var limits =
        new WorkerPool.Limits(
            config.workers(),
            config.workersEach(),
            Duration.ofSeconds(config.workerIdleSeconds()),
            Uses.DELIVERY);
    Map<String, String> common =
        Optional.ofNullable(context.getProperty(DIST)).map(d -> Map.of(DIST, d)).orElse(Map.of());
    return new Workers(
        agents, new BundleCode(), common, limits, Duration.ofSeconds(config.deliverySeconds()));
  }

  LocalTransport(
      LocalDelivery delivery,
      LocalDelivery.Defaults defaults,
      Map<String, String> environment,
      boolean allowRoot,
      int uid,
      Optional<Workers> workers) {
    this.delivery = delivery;
    this.defaults = defaults;
    this.environment = Map.copyOf(environment);
    this.workers = workers;
    this.lookup = new Lookup(uid, allowRoot, workers.isPresent());
  }

  @Deactivate
  void stop() {
    workers.ifPresent(Workers::close);
  }

  private static String defaults(Control control, String configured) throws Refusal {
    Optional<String> given = QmailStart.delivery();
    if (given.isPresent()) {
      return given.get();
    }
    try {
      return control.list("defaultdelivery").map(l -> String.join("\n", l)).orElse(configured);
    } catch (IOException e) {
      throw Refusal.open("control/defaultdelivery", e);
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addUsers(UserDirectory directory, Map<String, ?> properties) {
    lookup.add(directory, properties);
  }

  void removeUsers(UserDirectory directory) {
    lookup.remove(directory);
  }

  @Override
  public Mailbox find(String recipient) throws IOException, InterruptedException {
    return lookup.mailbox(recipient);
  }

  /** How a delivery is made once it is known whose mail it is. */
  @FunctionalInterface
  interface Way {
    DeliveryResult deliver(Arguments arguments, Attempt attempt)
        throws IOException, InterruptedException;
  }

  @Override
  public DeliveryResult deliver(Attempt attempt) throws IOException, InterruptedException {
    return deliver(attempt, this::here, this::there);
  }

  /** One attempt: this way for the server's own account, that way for others. */
  DeliveryResult deliver(Attempt attempt, Way own, Way others)
      throws IOException, InterruptedException {
    Lookup.Answer answer = lookup.find(attempt.recipient(), attempt.sender().address());
    answer.trouble().ifPresent(trouble -> log(attempt, trouble));
    if (answer.arguments().isEmpty()) {
      return answer.otherwise();
    }
    Arguments arguments = answer.arguments().get();
    Attempt kept = RequiringTls.forwards(attempt);
    return (lookup.own(arguments.user()) ? own : others).deliver(arguments, kept);
  }

  private static void log(Attempt attempt, IOException trouble) {
    if (trouble instanceof UserLookupException) {
      LOG.warn("message {}: {}", attempt.id().value(), trouble.getMessage(), trouble.getCause());
    } else {
      LOG.warn("message {}: who is {}?", attempt.id().value(), attempt.recipient(), trouble);
    }
  }

  private DeliveryResult here(Arguments arguments, Attempt attempt)
      throws IOException, InterruptedException {
    var report = new Report();
    var around =
        new LocalDelivery.Surroundings(
            environment, defaults, attempt.queue(), new Printer(report, report));
    Exit exit = delivery.deliver(arguments, Mail.of(attempt.message()), around);
    return SpawnReport.of(exit, report.text());
  }

  private DeliveryResult there(Arguments arguments, Attempt attempt) throws InterruptedException {
    try {
      return there(new WorkerOrder(defaults.text(), environment), arguments, attempt);
    } catch (Refusal e) {
      return new DeliveryResult.TempFail(e.getMessage() + "\n");
    }
  }

  /** A delivery to an account other than the server's own, by a process of that user's. */
  DeliveryResult there(WorkerOrder order, Arguments arguments, Attempt attempt)
      throws InterruptedException {
    return workers.orElseThrow().deliver(arguments, order, attempt);
  }
}
