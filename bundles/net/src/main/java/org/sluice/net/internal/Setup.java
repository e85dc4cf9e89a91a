package org.sluice.net.internal;

import java.time.Duration;

/**
 * What a server works with until its configuration changes. A session keeps that with which it was
 * accepted.
 */
record Setup(SessionTask.Listener listener, ClientRates rates, Eviction eviction) {
  static Setup of(SessionTask.Listener listener, Duration window) {
    var settings = listener.settings();
    return new Setup(listener, rates(settings), eviction(settings, window));
  }

  /** After a change: who came too often before does so still, if the rate is what it was. */
  Setup next(SessionTask.Listener listener, Duration window) {
    var next = listener.settings();
    boolean same = next.perAddressRate() == settings().perAddressRate();
    return new Setup(listener, same ? rates : rates(next), eviction(next, window));
  }

  Settings settings() {
    return listener.settings();
  }

  Handlers handlers() {
    return listener.handlers();
  }

  private static ClientRates rates(Settings settings) {
    return new ClientRates(settings.perAddressRate(), System::nanoTime);
  }

  private static Eviction eviction(Settings settings, Duration window) {
    return new Eviction(settings.limit(), settings.leastRate(), window, System::nanoTime);
  }
}
