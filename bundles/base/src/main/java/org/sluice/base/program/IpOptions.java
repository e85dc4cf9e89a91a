package org.sluice.base.program;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.sluice.base.NativeFunction;

/**
 * The IP options of a connection. With them a client has the answers go along a route of its
 * choice, and so may speak from an address that is not its own.
 */
public final class IpOptions {
  private static final Optional<NativeFunction> SET_OPTION =
      NativeFunction.find("setsockopt", "JAVA_INT", "JAVA_INT", "JAVA_INT", "ADDRESS", "JAVA_INT");

  /** Linux's numbers. */
  private static final int IPPROTO_IP = 0;

  private static final int IP_OPTIONS = 4;

  private IpOptions() {}

  /**
   * Takes them away, so that whatever is sent takes the usual way (spec 20 section 5.3 step 2).
   *
   * @return false if nothing has been done: the JVM is older than 22, does not give its descriptors
   *     away, or the socket has no channel
   * @throws IOException if the system refuses
   */
  public static boolean kill(Socket socket) throws IOException {
    SocketChannel channel = socket.getChannel();
    Optional<DescriptorAccess> access = DescriptorAccess.granted();
    if (channel == null || access.isEmpty() || SET_OPTION.isEmpty()) {
      return false;
    }
    // Of a copy: the number of a channel that somebody closes would be another's by then.
    int copy = access.get().copy(access.get().number(channel));
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      int errno = SET_OPTION.get().call(copy, IPPROTO_IP, IP_OPTIONS, new byte[0], 0);
      if (errno != 0) {
        throw new IOException("unable to clear IP options: error " + -errno);
      }
      return true;
    } finally {
      access.get().close(copy);
    }
  }
}
