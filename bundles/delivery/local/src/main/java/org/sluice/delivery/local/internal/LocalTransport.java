package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.Transport;
import org.sluice.api.delivery.UserDirectory;

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
  }

  private static final Duration SOON = Duration.ofSeconds(1);
  private final AtomicReference<UserDirectory> users = new AtomicReference<>();
  private final Agents agents;
  private final LocalDelivery delivery;
  private final int uid;
  private final boolean allowRoot;

  /** By Declarative Services. */
  @Activate
  public LocalTransport(@Reference Control control, Config config) throws IOException {
    this(
        () -> defaults(control, config.defaultDelivery()),
        config.allowRoot(),
        Clock.systemUTC(),
        (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  LocalTransport(LocalDelivery.Defaults defaults, boolean allowRoot, Clock clock, int uid) {
    this.agents = new Agents(Duration.ofSeconds(30));
    this.delivery = new LocalDelivery(agents, defaults, clock);
    this.allowRoot = allowRoot;
    this.uid = uid;
  }

  private static String defaults(Control control, String configured) throws IOException {
    Optional<List<String>> lines = control.list("defaultdelivery");
    return lines.isPresent() ? String.join("\n", lines.get()) : configured;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + DeliveryAgent.AGENT + "=*)")
  void addAgent(DeliveryAgent agent, Map<String, ?> properties) {
    agents.add(agent, properties);
  }

  void removeAgent(DeliveryAgent agent, Map<String, ?> properties) {
    agents.remove(agent, properties);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setUsers(UserDirectory directory) {
    users.set(directory);
  }

  void unsetUsers(UserDirectory directory) {
    users.compareAndSet(directory, null);
  }

  @Override
  public DeliveryResult deliver(Attempt attempt) throws IOException, InterruptedException {
    int at = attempt.recipient().lastIndexOf('@');
    if (at < 0) {
      return new DeliveryResult.PermFail("Sorry, address must include host name. (#5.1.3)\n");
    }
    if (at == 0) {
      return new DeliveryResult.Delivered("");
    }
    UserDirectory directory = users.get();
    if (directory == null) {
      return new DeliveryResult.TempFail(
          "No user directory at the moment. (#4.3.0)\n", Optional.of(SOON));
    }
    Optional<LocalUser> user;
    try {
      user = directory.find(attempt.recipient().substring(0, at));
    } catch (IOException e) {
      return new DeliveryResult.TempFail("Trouble reading users/cdb in qmail-lspawn.\n");
    }
    if (user.isEmpty()) {
      return new DeliveryResult.PermFail("Sorry, no mailbox here by that name. (#5.1.1)\n");
    }
    return as(user.get(), attempt);
  }

  private DeliveryResult as(LocalUser user, Attempt attempt)
      throws IOException, InterruptedException {
    if (user.uid() == 0 && !allowRoot) {
      return new DeliveryResult.TempFail("Not allowed to perform deliveries as root.\n");
    }
    if (user.uid() != uid) {
      return new DeliveryResult.TempFail(
          "Delivery as another user is not available in process: this server runs as uid "
              + uid
              + ", the account has uid "
              + user.uid()
              + ". (#4.3.0)\n");
    }
    return delivery.deliver(attempt, user);
  }
}
