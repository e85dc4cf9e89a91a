package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.Uses;

/** Runs simple commands whose program is a registered one, without a shell. */
final class InProcess {

  private record Entry(ProgramHost host, Uses uses) {}

  private final AtomicReference<Optional<Entry>> entry = new AtomicReference<>(Optional.empty());
  private final Duration limit;
  private final Clock clock;

  InProcess(Duration limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  void bind(ProgramHost host) {
    entry.set(Optional.of(new Entry(host, new Uses())));
  }

  /** Returns when no command runs there any more, or was interrupted after a while. */
  void unbind(ProgramHost host) {
    Optional<Entry> present = entry.get();
    if (present.isPresent() && present.get().host() == host) {
      entry.compareAndSet(present, Optional.empty());
      present.get().uses().drain(Uses.DELIVERY);
    }
  }

  /** The exit status; empty if the shell must run it. */
  OptionalInt run(Delivery delivery, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> words = CommandWords.of(delivery.instruction());
    Optional<Entry> present = entry.get();
    if (words.isEmpty() || present.isEmpty()) {
      return OptionalInt.empty();
    }
    Optional<Uses.Stay> stay = present.get().uses().enter();
    if (stay.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      ProgramHost host = present.get().host();
      if (!host.has(words.get(0))) {
        return OptionalInt.empty();
      }
      return OptionalInt.of(
          host.execution(words)
              .environment(environment)
              .directory(delivery.user().home())
              .message(delivery.message())
              .output(1, delivery.out())
              .output(2, delivery.err())
              .deadline(clock.instant().plus(limit))
              .run());
    } finally {
      stay.get().close();
    }
  }
}
