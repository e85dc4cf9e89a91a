package org.sluice.net.internal;

import java.time.Duration;

/**
 * What a server works with until its configuration changes. A session keeps that with which it was
 * accepted.
 */
record Setup(SessionTask.Listener listener, Eviction eviction) {
  static Setup of(SessionTask.Listener listener, Duration window) {
    var settings = listener.settings();
    return new Setup(
        listener, new Eviction(settings.limit(), settings.leastRate(), window, System::nanoTime));
  }

  Settings settings() {
    return listener.settings();
  }

  Handlers handlers() {
    return listener.handlers();
  }
}
