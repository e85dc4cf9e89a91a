package org.sluice.net.internal;

import java.io.IOException;
import java.util.Optional;

/** The data of the first record with a key. */
@FunctionalInterface
public interface RuleLookup {
  Optional<byte[]> get(byte[] key) throws IOException;

  /** False if no key is in brackets, which spares a client of IPv4 thirty look-ups. */
  default boolean brackets() {
    return true;
  }
}
