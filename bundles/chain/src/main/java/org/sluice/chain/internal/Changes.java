package org.sluice.chain.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;

/**
 * What one call of a message filter changed, ready to be used.
 *
 * @param envelope applied in order
 * @param message the whole changed message, until this is closed; empty if it stays as it was
 * @param end frees what the message takes
 */
record Changes(
    List<UnaryOperator<Envelope>> envelope, Optional<MessageSource> message, Runnable end)
    implements AutoCloseable {
  static final Changes NONE = envelope(List.of());

  /** Changes of the envelope alone. */
  static Changes envelope(List<UnaryOperator<Envelope>> envelope) {
    return new Changes(List.copyOf(envelope), Optional.empty(), () -> {});
  }

  Envelope apply(Envelope before) {
    Envelope after = before;
    for (UnaryOperator<Envelope> change : envelope) {
      after = change.apply(after);
    }
    return after;
  }

  @Override
  public void close() {
    end.run();
  }
}
