package org.sluice.net.internal;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells a failure that is new from one that comes again and again, as one does that every client
 * brings about, so that it is logged once. Thread-safe.
 */
final class Repeated {
  private static final String NONE = "";
  private final AtomicReference<String> last = new AtomicReference<>(NONE);

  /** Whether the last failure was of another kind, or {@link #over} since. */
  boolean isNew(Throwable failure) {
    String kind = failure.getClass().getName();
    return !kind.equals(last.getAndSet(kind));
  }

  /** It went well this time. */
  void over() {
    last.set(NONE);
  }
}
