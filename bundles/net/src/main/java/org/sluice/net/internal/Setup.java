package org.sluice.net.internal;

import java.time.Duration;

/**
 * What a server works with until its configuration changes. A session keeps that with which it was
 * accepted.
 */
record Setup(SessionTask.Listener listener, Rates rates, Eviction eviction) {
  static Setup of(SessionTask.Listener listener, Duration window) {
    var settings = listener.settings();
    return new Setup(listener, Rates.of(settings, System::nanoTime), eviction(settings, window));
  }

  /** After a change: who came too often before does so still, if the rate is what it was. */
  Setup next(SessionTask.Listener listener, Duration window) {
    var next = listener.settings();
    var kept = rates.next(settings(), next, System::nanoTime);
    return new Setup(listener, kept, eviction(next, window));
  }

  Settings settings() {
    return listener.settings();
  }

  Handlers handlers() {
    return listener.handlers();
  }

  private static Eviction eviction(Settings settings, Duration window) {
    return new Eviction(settings.limit(), settings.leastRate(), window, System::nanoTime);
  }
}
