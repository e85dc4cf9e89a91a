package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of workers by the agents that are in them. Each replacement of an agent makes another
 * set, so only the last few are kept: a worker whose agents have been replaced gets no further
 * delivery, and has the jars open that it still uses. Thread-safe.
 */
final class WorkerClassSets implements AutoCloseable {
  static final int KEPT = 3;

  private static final Logger LOG = LoggerFactory.getLogger(WorkerClassSets.class);

  private final WorkerCode code;

  /** Oldest first. */
  private final Map<Map<String, UserAgent>, WorkerClasses> sets = new LinkedHashMap<>();

  WorkerClassSets(WorkerCode code) {
    this.code = code;
  }

  /** Copied when they are asked for first. */
  synchronized WorkerClasses of(Map<String, UserAgent> agents) throws IOException {
    WorkerClasses present = sets.get(agents);
    if (present == null) {
      present = WorkerClasses.of(code, agents.values());
      sets.put(agents, present);
      Iterator<WorkerClasses> oldest = sets.values().iterator();
      while (sets.size() > KEPT) {
        WorkerClasses gone = oldest.next();
        oldest.remove();
        remove(gone);
      }
    }
    return present;
  }

  private static void remove(WorkerClasses copies) {
    try {
      copies.close();
    } catch (IOException e) {
      LOG.warn("classes of workers cannot be removed", e);
    }
  }

  @Override
  public synchronized void close() {
    List<WorkerClasses> all = new ArrayList<>(sets.values());
    sets.clear();
    all.forEach(WorkerClassSets::remove);
  }
}
