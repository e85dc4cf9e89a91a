package org.sluice.chain.internal;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailEvents;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.QueueId;

/** Tells observers what the chain sees, if there are any; else the text is not even made. */
final class Teller {
  private final AtomicReference<MailEvents> events = new AtomicReference<>();
  private final InstantSource clock = InstantSource.system();

  void bind(MailEvents service) {
    events.set(service);
  }

  void unbind(MailEvents service) {
    events.compareAndSet(service, null);
  }

  void tell(MailEvent.Type type, Optional<QueueId> id, Supplier<String> detail) {
    MailEvents to = events.get();
    if (to != null) {
      to.publish(new MailEvent(type, clock.instant(), id, detail.get()));
    }
  }

  /** Tells of a verdict that refuses; of no other. */
  void refused(Verdict verdict, Supplier<String> who) {
    if (verdict instanceof Verdict.Reject reject) {
      tell(MailEvent.Type.REFUSED, Optional.empty(), () -> who.get() + ": " + reject.reply());
    } else if (verdict instanceof Verdict.TempFail later) {
      tell(MailEvent.Type.REFUSED, Optional.empty(), () -> who.get() + ": " + later.reply());
    }
  }
}
