package org.sluice.admin.qread.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sluice.api.store.QueueStore;
import org.sluice.base.ProgramExit;

/** The store, for a moment two while one replaces the other: the last one counts. Thread-safe. */
final class Sources {
  private final List<Source> sources = new CopyOnWriteArrayList<>();

  /** A store has come. */
  void bind(QueueStore store) {
    sources.add(new Source(store));
  }

  /** Call it before the framework takes the service back: calls under way end first. */
  void unbind(QueueStore store) {
    for (Source source : sources) {
      if (source.isOf(store)) {
        sources.remove(source);
        source.leave();
      }
    }
  }

  /** The one that counts now. */
  Source present() throws ProgramExit {
    List<Source> present = List.copyOf(sources);
    if (present.isEmpty()) {
      throw ProgramExit.temporary("no queue store is there");
    }
    return present.get(present.size() - 1);
  }
}
