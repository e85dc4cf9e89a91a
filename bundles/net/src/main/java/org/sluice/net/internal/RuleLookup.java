package org.sluice.net.internal;

import java.io.IOException;
import java.util.Optional;

/** The data of the first record with a key. */
@FunctionalInterface
interface RuleLookup {
  Optional<byte[]> get(byte[] key) throws IOException;
}
