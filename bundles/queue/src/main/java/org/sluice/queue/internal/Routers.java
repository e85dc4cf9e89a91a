package org.sluice.queue.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Router;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.base.Uses;

/** The routers that are there now, best first. Whoever removes one waits for calls inside it. */
final class Routers {
  private static final Logger LOG = LoggerFactory.getLogger(Routers.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private record Entry(Router router, int ranking, long id, Uses uses) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt(Entry::ranking).reversed().thenComparingLong(Entry::id);

  private final AtomicReference<List<Entry>> entries = new AtomicReference<>(List.of());

  void add(Router router, Map<String, Object> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer value ? value : 0;
    long id = properties.get("service.id") instanceof Long value ? value : Long.MAX_VALUE;
    var entry = new Entry(router, ranking, id, new Uses());
    entries.updateAndGet(
        old -> Stream.concat(old.stream(), Stream.of(entry)).sorted(ORDER).toList());
  }

  void remove(Router router) {
    List<Entry> old =
        entries.getAndUpdate(
            present -> present.stream().filter(e -> e.router() != router).toList());
    for (Entry entry : old) {
      if (entry.router() == router && !entry.uses().drain(DRAIN)) {
        LOG.warn("router {} left while it was asked; its calls were interrupted", router);
      }
    }
  }

  /** The answer of the first that has one. */
  Optional<QueuedRecipient> route(String recipient) throws IOException {
    for (Entry entry : entries.get()) {
      Optional<Uses.Stay> stay = entry.uses().enter();
      if (stay.isPresent()) {
        try {
          Optional<QueuedRecipient> answer = entry.router().route(recipient);
          if (answer.isPresent()) {
            return answer;
          }
        } finally {
          stay.get().close();
        }
      }
    }
    return Optional.empty();
  }
}
