package org.sluice.chain.internal;

import org.sluice.api.filter.Verdict;

/**
 * What one call gave: a verdict and, from a message filter, changes that are ready to be used.
 *
 * @param verdict null if the filter gave none
 */
record Answer(Verdict verdict, Changes changes) implements AutoCloseable {
  static Answer of(Verdict verdict) {
    return new Answer(verdict, Changes.NONE);
  }

  /** Nobody wants it any more. */
  @Override
  public void close() {
    changes.close();
  }
}
