package org.sluice.tools.door.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.sluice.base.program.TimedOutput;
import org.sluice.tools.door.client.ChannelStreams;

/** A descriptor of a client for writing. Used by one thread. */
final class DoorOutput extends OutputStream implements TimedOutput.Remote {
  private final OutputStream out;
  private Optional<Duration> limit = Optional.empty();

  DoorOutput(SocketChannel channel) {
    out = ChannelStreams.output(channel);
  }

  /** How long the program would wait for the reader; empty if for ever. */
  Optional<Duration> limit() {
    return limit;
  }

  @Override
  public void limit(Duration duration) {
    limit = Optional.of(duration);
  }

  @Override
  public void write(int octet) throws IOException {
    out.write(octet);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
