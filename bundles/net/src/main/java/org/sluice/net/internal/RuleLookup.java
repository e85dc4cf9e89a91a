package org.sluice.net.internal;

import java.io.IOException;
import java.util.Optional;

/** The data of the first record with a key. */
@FunctionalInterface
public interface RuleLookup {
  Optional<byte[]> get(byte[] key) throws IOException;
}
