package org.sluice.api.delivery;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Finds who controls a local address: users/assign, the system's accounts, the alias user. */
@ConsumerType
@FunctionalInterface
public interface UserDirectory {
  /**
   * Looks up a local part (the recipient up to its last at sign). Thread-safe.
   *
   * @return empty if nobody controls it, which is permanent
   * @throws IOException if that cannot be told now, which is temporary; a {@link
   *     UserLookupException} says in qmail's words why
   */
  Optional<LocalUser> find(String local) throws IOException, InterruptedException;
}
