package org.sluice.transports.smtp.internal;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;

/** This machine's addresses: those that mean "myself" in the self check (spec 30 section 2.6). */
@FunctionalInterface
interface OwnAddresses {
  /** All of them, the unspecified ones included. */
  Set<InetAddress> all() throws RemoteFailure;

  /** Asks the system. */
  static Set<InetAddress> ofSystem() throws RemoteFailure {
    try {
      var own = new HashSet<InetAddress>();
      own.add(InetAddress.getByAddress(new byte[4]));
      own.add(InetAddress.getByAddress(new byte[16]));
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp()) {
          each.getInterfaceAddresses().stream().map(InterfaceAddress::getAddress).forEach(own::add);
        }
      }
      return own;
    } catch (SocketException | UnknownHostException e) {
      throw RemoteFailure.system(e);
    }
  }
}
