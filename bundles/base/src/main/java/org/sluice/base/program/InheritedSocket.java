package org.sluice.base.program;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection for a child process to have as descriptors 0 and 1, where {@link DescriptorAccess}
 * is granted.
 *
 * <p>It is two copies of the descriptor, made with dup(2): the JDK's code between fork and exec
 * moves each to its place and closes it. Used by one thread.
 */
final class InheritedSocket implements AutoCloseable {
  private final DescriptorAccess access;
  private final int in;
  private final int out;

  private InheritedSocket(DescriptorAccess access, SocketChannel channel) throws IOException {
    this.access = access;
    this.in = access.copy(access.number(channel));
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException(); // the number was somebody else's by then
      }
      access.block(in);
      this.out = access.copy(in);
    } catch (IOException | RuntimeException e) {
      access.close(in);
      throw e;
    }
  }

  /**
   * Copies of a connection, which goes on as it is; empty if this JVM does not allow it. Those who
   * share the connection read and write it blocking from now on, as programs expect it.
   */
  static Optional<InheritedSocket> of(SocketChannel channel) throws IOException {
    Optional<DescriptorAccess> access = DescriptorAccess.granted();
    return access.isEmpty()
        ? Optional.empty()
        : Optional.of(new InheritedSocket(access.get(), channel));
  }

  /** Makes it descriptors 0 and 1 of a process that is started before this is closed. */
  void redirect(ProcessBuilder builder) throws IOException {
    builder.redirectInput(access.redirect(in)).redirectOutput(access.redirect(out));
  }

  /** Closes the copies, which does not shut the connection down. */
  @Override
  public void close() throws IOException {
    try {
      access.close(in);
    } finally {
      access.close(out);
    }
  }
}
