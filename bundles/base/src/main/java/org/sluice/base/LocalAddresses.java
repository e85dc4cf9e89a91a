package org.sluice.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashSet;
import java.util.Set;

/** This machine's addresses (spec 20 section 7.1, spec 30 section 2.6). */
@FunctionalInterface
public interface LocalAddresses {
  /**
   * Those of every interface that is up, and the unspecified ones, 0.0.0.0 and ::.
   *
   * @throws IOException if the system does not tell
   */
  Set<InetAddress> all() throws IOException;

  /** Asks the system. */
  static Set<InetAddress> ofSystem() throws IOException {
    var own = new HashSet<InetAddress>();
    own.add(InetAddress.getByAddress(new byte[4]));
    own.add(InetAddress.getByAddress(new byte[16]));
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      if (each.isUp()) {
        each.inetAddresses().forEach(own::add);
      }
    }
    return own;
  }
}
