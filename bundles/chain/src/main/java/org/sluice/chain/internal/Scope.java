package org.sluice.chain.internal;

import java.util.Set;

/**
 * Where a filter is asked.
 *
 * @param stages its interfaces
 * @param protocols the protocols it serves; empty for all
 */
record Scope(Set<Stage> stages, Set<String> protocols) {
  /** Of a filter that nobody has seen yet. */
  static final Scope UNKNOWN = new Scope(Set.of(Stage.values()), Set.of());

  Scope {
    stages = Set.copyOf(stages);
    protocols = Set.copyOf(protocols);
  }

  boolean serves(String protocol) {
    return protocols.isEmpty() || protocols.contains(protocol);
  }
}
