package org.sluice.delivery.local.internal;

import java.util.Map;

/**
 * Whom a worker can be used for.
 *
 * @param uid user id, unsigned
 * @param gid group id, unsigned
 * @param agents the agents that it has; when others come, it is used no more
 */
record WorkerUser(int uid, int gid, Map<String, UserAgent> agents) {
  /** Copies the map. */
  WorkerUser {
    agents = Map.copyOf(agents);
  }

  /** Whether both have the same rights. */
  boolean sameRights(WorkerUser other) {
    return uid == other.uid && gid == other.gid;
  }
}
