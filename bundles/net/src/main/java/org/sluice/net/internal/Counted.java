package org.sluice.net.internal;

/** A listener that can be asked what has become of its connections. A service of this bundle. */
interface Counted {
  /** One line of {@code name=value}, without its end. By any thread. */
  String counts();
}
