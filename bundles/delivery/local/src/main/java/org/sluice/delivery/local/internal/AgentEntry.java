package org.sluice.delivery.local.internal;

import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.base.Uses;

/**
 * One registered agent.
 *
 * @param uses the deliveries that are inside it
 */
record AgentEntry(DeliveryAgent agent, int ranking, long id, Uses uses)
    implements Comparable<AgentEntry> {
  @Override
  public int compareTo(AgentEntry other) {
    int byRanking = Integer.compare(other.ranking, ranking);
    return byRanking != 0 ? byRanking : Long.compare(id, other.id);
  }
}
