package org.sluice.delivery.local.internal;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryAgent;

/** The agents that are there now, best first; each delivery holds the one it began with. */
final class Agents {
  private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
  private static final Comparator<AgentEntry> ORDER =
      Comparator.<AgentEntry>comparingInt(e -> -e.ranking).thenComparingLong(e -> e.id);
  private final Map<String, List<AgentEntry>> byKind = new ConcurrentHashMap<>();
  private final Duration drain;

  Agents(Duration drain) {
    this.drain = drain;
  }

  /** The best agent of a kind, entered; empty if there is none. */
  Optional<AgentEntry> enter(String kind) {
    for (AgentEntry entry : byKind.getOrDefault(kind, List.of())) {
      if (entry.enter()) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** An agent came. */
  void add(DeliveryAgent agent, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    long id = properties.get("service.id") instanceof Long l ? l : Long.MAX_VALUE;
    var entry = new AgentEntry(agent, ranking, id);
    byKind.merge(
        kind(properties),
        List.of(entry),
        (old, one) -> Stream.concat(old.stream(), one.stream()).sorted(ORDER).toList());
  }

  /** An agent goes: returns when its deliveries have ended or the limit has passed. */
  void remove(DeliveryAgent agent, Map<String, ?> properties) {
    String kind = kind(properties);
    List<AgentEntry> leaving =
        byKind.getOrDefault(kind, List.of()).stream().filter(e -> e.agent == agent).toList();
    byKind.computeIfPresent(kind, (k, old) -> old.stream().filter(e -> e.agent != agent).toList());
    for (AgentEntry entry : leaving) {
      if (!entry.drain(drain)) {
        LOG.warn("agent {} left while delivering; its deliveries were interrupted", kind);
      }
    }
  }

  private static String kind(Map<String, ?> properties) {
    return String.valueOf(properties.get(DeliveryAgent.AGENT));
  }
}
