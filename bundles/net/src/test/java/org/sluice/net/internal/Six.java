package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import org.sluice.testkit.Installed;

/** Tests that need IPv6. */
public final class Six {
  private Six() {}

  /** Skips the test on a machine without ::1. */
  public static void needed() throws IOException {
    Installed.machine(there(), "ipv6");
  }

  private static boolean there() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.isBound();
    } catch (SocketException e) {
      return false;
    }
  }
}
