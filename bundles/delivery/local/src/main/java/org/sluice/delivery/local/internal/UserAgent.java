package org.sluice.delivery.local.internal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sluice.api.delivery.DeliveryAgent;

/**
 * An agent that must run with the user's rights.
 *
 * @param type the class to be used in a process of the user's
 * @param properties its service properties that are strings, numbers or truth values, as text
 */
record UserAgent(
    String kind,
    String type,
    DeliveryAgent agent,
    int ranking,
    long id,
    Map<String, String> properties)
    implements Comparable<UserAgent> {
  /** Empty if the agent does not ask for that. */
  static Optional<UserAgent> of(String kind, DeliveryAgent agent, Map<String, ?> properties) {
    if (!(properties.get(DeliveryAgent.AS_USER) instanceof String type)) {
      return Optional.empty();
    }
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    long id = properties.get("service.id") instanceof Long l ? l : Long.MAX_VALUE;
    var text = new TreeMap<String, String>();
    properties.forEach(
        (name, value) -> {
          if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            text.put(name, value.toString());
          }
        });
    return Optional.of(new UserAgent(kind, type, agent, ranking, id, text));
  }

  @Override
  public int compareTo(UserAgent other) {
    int byRanking = Integer.compare(other.ranking, ranking);
    return byRanking != 0 ? byRanking : Long.compare(id, other.id);
  }
}
