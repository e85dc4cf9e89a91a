package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
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
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.Transport;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.mail.QueueId;
import org.sluice.base.PathBytes;
import org.sluice.base.RankedServices;

/** The local channel: the job of qmail-lspawn (spec 40 section 2). */
@Component(
    service = Transport.class,
    property = Transport.CHANNEL + "=local",
    configurationPid = "org.sluice.delivery.local")
@Designate(ocd = LocalTransport.Config.class)
public final class LocalTransport implements Transport {
  /** What qmail takes on qmail-start's command line. */
  @ObjectClassDefinition(name = "Sluice local delivery")
  public @interface Config {
    @AttributeDefinition(
        description = "Instructions for accounts without a .qmail; control/defaultdelivery wins")
    String defaultDelivery() default "./Maildir/";

    @AttributeDefinition(
        description = "Deliver to accounts with uid 0, which qmail refuses; for containers")
    boolean allowRoot() default false;

    @AttributeDefinition(description = "Variables of the server's environment that programs get")
    String[] environment() default {
      "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "JAVA_HOME", "SLUICE_HOME"
    };
  }

  private static final Logger LOG = LoggerFactory.getLogger(LocalTransport.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private final RankedServices<UserDirectory> users = new RankedServices<>(DRAIN);
  private final LocalDelivery delivery;
  private final LocalDelivery.Defaults defaults;
  private final Map<String, String> environment;
  private final int uid;
  private final boolean allowRoot;

  /** By Declarative Services. */
  @Activate
  public LocalTransport(@Reference Control control, @Reference Agents agents, Config config)
      throws IOException {
    this(
        new LocalDelivery(agents, Clock.systemUTC()),
        () -> defaults(control, config.defaultDelivery()),
        Inherited.of(config.environment()),
        config.allowRoot(),
        (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  LocalTransport(
      LocalDelivery delivery,
      LocalDelivery.Defaults defaults,
      Map<String, String> environment,
      boolean allowRoot,
      int uid) {
    this.delivery = delivery;
    this.defaults = defaults;
    this.environment = Map.copyOf(environment);
    this.allowRoot = allowRoot;
    this.uid = uid;
  }

  private static String defaults(Control control, String configured) throws Refusal {
    try {
      return control.list("defaultdelivery").map(l -> String.join("\n", l)).orElse(configured);
    } catch (IOException e) {
      throw Refusal.open("control/defaultdelivery", e);
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addUsers(UserDirectory directory, Map<String, ?> properties) {
    users.add(directory, properties);
  }

  void removeUsers(UserDirectory directory) {
    users.remove(directory);
  }

  /** What a user directory answered: the user, or what becomes of the mail. */
  private record Answer(Optional<LocalUser> user, DeliveryResult otherwise) {}

  @Override
  public DeliveryResult deliver(Attempt attempt) throws IOException, InterruptedException {
    int at = attempt.recipient().lastIndexOf('@');
    if (at < 0) {
      return new DeliveryResult.PermFail("Sorry, address must include host name. (#5.1.3)\n");
    }
    if (at == 0) {
      return new DeliveryResult.Delivered("");
    }
    String local = attempt.recipient().substring(0, at);
    Optional<Answer> answer =
        users.ask(directory -> Optional.of(find(directory, local, attempt.id())));
    if (answer.isEmpty()) {
      return new DeliveryResult.TempFail(
          "No user directory at the moment. (#4.3.0)\n", Optional.of(SOON));
    }
    Optional<LocalUser> user = answer.get().user();
    return user.isPresent() ? as(user.get(), local, attempt) : answer.get().otherwise();
  }

  /** A failure is an answer too: another directory might know another user by that name. */
  private static Answer find(UserDirectory directory, String local, QueueId id)
      throws InterruptedException {
    try {
      return new Answer(
          directory.find(local),
          new DeliveryResult.PermFail("Sorry, no mailbox here by that name. (#5.1.1)\n"));
    } catch (UserLookupException e) {
      LOG.warn("message {}: {}", id.value(), e.getMessage(), e.getCause());
      return new Answer(Optional.empty(), SpawnReport.of(e.exitCode()));
    } catch (IOException e) {
      LOG.warn("message {}: who is {}?", id.value(), local, e);
      return new Answer(Optional.empty(), SpawnReport.of(UserLookupException.SYSTEM));
    }
  }

  private DeliveryResult as(LocalUser user, String local, Attempt attempt)
      throws IOException, InterruptedException {
    if (user.uid() == 0 && !allowRoot) {
      return SpawnReport.of(SpawnReport.ROOT);
    }
    if (!user.home().isAbsolute()) {
      return SpawnReport.of(SpawnReport.USAGE);
    }
    if (user.uid() != uid) {
      return new DeliveryResult.TempFail(
          "Delivery as another user is not available in process: this server runs as uid "
              + uid
              + ", the account has uid "
              + user.uid()
              + ". (#4.3.0)\n");
    }
    var report = new Report();
    String domain = attempt.recipient().substring(local.length() + 1);
    var arguments =
        new Arguments(
            user, PathBytes.bytes(user.home()), local, domain, attempt.sender().address(), false);
    var around =
        new LocalDelivery.Surroundings(
            environment, defaults, attempt.queue(), new Printer(report, report));
    try (Mail mail = Mail.of(attempt.message())) {
      return SpawnReport.of(delivery.deliver(arguments, mail, around), report.text());
    }
  }
}
