package org.sluice.base;

import org.sluice.api.mail.Recipient;
import org.sluice.api.store.LeaseRequest;

/** Where mail goes, as {@link LeaseRequest#capped} has it. */
public final class Destination {
  private Destination() {}

  /** The domain of an address, A to Z in lower case; empty if it has none. */
  public static String of(String address) {
    return Ascii.lower(new Recipient(address).domain());
  }
}
