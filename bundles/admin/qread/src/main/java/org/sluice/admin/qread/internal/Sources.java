package org.sluice.admin.qread.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.store.QueueStore;
import org.sluice.base.ProgramExit;

/** The store, for a moment two while one replaces the other: the last one counts. Thread-safe. */
@Component(service = Sources.class)
public final class Sources {
  private final List<Source> sources = new CopyOnWriteArrayList<>();

  /** For the framework. */
  @Activate
  public Sources() {}

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStore(QueueStore store) {
    sources.add(new Source(store));
  }

  /** Runs before the framework takes the service back: calls under way end first. */
  void unbindStore(QueueStore store) {
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
