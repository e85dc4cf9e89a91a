package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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
import org.sluice.base.Uses;

/** The agents that are there now, best first; each delivery holds the one it began with. */
@Component(service = Agents.class)
public final class Agents {
  private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private final Map<String, List<AgentEntry>> byKind = new ConcurrentHashMap<>();
  private final Duration drain;

  /** By Declarative Services. */
  @Activate
  public Agents() {
    this(Duration.ofSeconds(30));
  }

  Agents(Duration drain) {
    this.drain = drain;
  }

  /** Lets the best agent of a kind carry out an instruction; deferred if there is none. */
  DeliveryResult call(String kind, Delivery delivery) throws InterruptedException {
    for (AgentEntry entry : byKind.getOrDefault(kind, List.of())) {
      Optional<Uses.Stay> stay = entry.uses().enter();
      if (stay.isPresent()) {
        try {
          return entry.agent().deliver(delivery);
        } catch (IOException | RuntimeException | LinkageError e) {
          LOG.warn("agent {} failed for {}", kind, delivery.recipient(), e);
          return new DeliveryResult.TempFail(
              "Temporary error in " + kind + " delivery. (#4.3.0)\n");
        } finally {
          stay.get().close();
        }
      }
    }
    String why = "No agent for " + kind + " deliveries at the moment. (#4.3.0)\n";
    return new DeliveryResult.TempFail(why, Optional.of(SOON));
  }

  /** An agent came. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + DeliveryAgent.AGENT + "=*)")
  void addAgent(DeliveryAgent agent, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    long id = properties.get("service.id") instanceof Long l ? l : Long.MAX_VALUE;
    var entry = new AgentEntry(agent, ranking, id, new Uses());
    byKind.merge(
        kind(properties),
        List.of(entry),
        (old, one) -> Stream.concat(old.stream(), one.stream()).sorted().toList());
  }

  /** An agent goes: returns when its deliveries have ended or the limit has passed. */
  void removeAgent(DeliveryAgent agent, Map<String, ?> properties) {
    String kind = kind(properties);
    List<AgentEntry> leaving =
        byKind.getOrDefault(kind, List.of()).stream().filter(e -> e.agent() == agent).toList();
    byKind.computeIfPresent(
        kind, (k, old) -> old.stream().filter(e -> e.agent() != agent).toList());
    for (AgentEntry entry : leaving) {
      if (!entry.uses().drain(drain)) {
        LOG.warn("agent {} left while delivering; its deliveries were interrupted", kind);
      }
    }
  }

  private static String kind(Map<String, ?> properties) {
    return String.valueOf(properties.get(DeliveryAgent.AGENT));
  }
}
