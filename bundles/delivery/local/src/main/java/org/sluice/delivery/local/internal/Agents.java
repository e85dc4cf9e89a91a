package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.Origin;
import org.sluice.base.RankedServices;
import org.sluice.base.Uses;

/** The agents that are there now, best first; each delivery holds the one it began with. */
@Component(service = Agents.class)
public final class Agents implements Caller {
  private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private final Map<String, RankedServices<DeliveryAgent>> byKind = new ConcurrentHashMap<>();
  private final List<UserAgent> asUser = new CopyOnWriteArrayList<>();
  private final Duration drain;

  /** By Declarative Services. */
  @Activate
  public Agents() {
    this(Uses.DELIVERY);
  }

  Agents(Duration drain) {
    this.drain = drain;
  }

  @Override
  public DeliveryResult call(String kind, Delivery delivery) throws InterruptedException {
    RankedServices<DeliveryAgent> agents = byKind.get(kind);
    if (agents == null) {
      return none(kind);
    }
    try {
      // A failure is an answer: another agent might deliver a second time.
      return agents
          .ask(agent -> Optional.of(delivered(kind, agent, delivery)))
          .orElseGet(() -> none(kind));
    } catch (IOException e) {
      throw new IllegalStateException("failures are answers", e);
    }
  }

  @Override
  public Optional<DeliveryResult> missing(String kind) {
    RankedServices<DeliveryAgent> agents = byKind.get(kind);
    return agents == null || agents.isEmpty() ? Optional.of(none(kind)) : Optional.empty();
  }

  static DeliveryResult delivered(String kind, DeliveryAgent agent, Delivery delivery)
      throws InterruptedException {
    try {
      DeliveryResult result = agent.deliver(delivery);
      if (result != null) {
        return result;
      }
      LOG.warn("agent {} gave no result for {}: {}", kind, delivery.recipient(), Origin.of(agent));
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) { // somebody else's code: whatever it throws, the mail is to wait
      LOG.warn("agent {} failed for {}: {}", kind, delivery.recipient(), Origin.of(agent), e);
    }
    return new DeliveryResult.TempFail("Temporary error in " + kind + " delivery. (#4.3.0)\n");
  }

  static DeliveryResult none(String kind) {
    String why = "No agent for " + kind + " deliveries at the moment. (#4.3.0)\n";
    return new DeliveryResult.TempFail(why, Optional.of(SOON));
  }

  /** Those that must run with the user's rights, the best of each kind. */
  Map<String, UserAgent> asUser() {
    var best = new HashMap<String, UserAgent>();
    asUser.stream().sorted().forEach(agent -> best.putIfAbsent(agent.kind(), agent));
    return best;
  }

  /** An agent came. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + DeliveryAgent.AGENT + "=*)")
  void addAgent(DeliveryAgent agent, Map<String, ?> properties) {
    String kind = kind(properties);
    byKind.computeIfAbsent(kind, k -> new RankedServices<>(drain)).add(agent, properties);
    UserAgent.of(kind, agent, properties).ifPresent(asUser::add);
  }

  /** An agent goes: returns when its deliveries have ended or the limit has passed. */
  void removeAgent(DeliveryAgent agent, Map<String, ?> properties) {
    String kind = kind(properties);
    asUser.removeIf(entry -> entry.agent() == agent);
    if (!byKind.get(kind).remove(agent)) {
      LOG.warn("agent {} left while delivering; its deliveries were interrupted", kind);
    }
  }

  private static String kind(Map<String, ?> properties) {
    return String.valueOf(properties.get(DeliveryAgent.AGENT));
  }
}
