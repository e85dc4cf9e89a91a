package org.sluice.tools.door.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Descriptors;

/**
 * Has the server run one program: the server asks for the descriptors that the program touches,
 * each is carried over a connection of its own, and the status comes back.
 */
final class DoorClient {
  private static final Logger LOG = LoggerFactory.getLogger(DoorClient.class);
  private static final long REWIND_MILLIS = 5_000;

  private final Path door;
  private final Descriptors descriptors;
  private final Map<Integer, Carrier> outputs = new HashMap<>();

  /** How long what the program wrote may wait for its reader, where the program said so. */
  private final Map<Integer, Duration> limits = new HashMap<>();

  private Optional<Carrier> standardInput = Optional.empty();

  DoorClient(Path door, Descriptors descriptors) {
    this.door = door;
    this.descriptors = descriptors;
  }

  /**
   * Runs the program; its exit status, empty if the server has no such program.
   *
   * @throws NoServerException if the server does not answer at all
   */
  OptionalInt call(List<String> words, Map<String, String> environment, Path directory)
      throws IOException, InterruptedException {
    try (var channel = reach()) {
      var out = ChannelStreams.output(channel);
      var in = new DataInputStream(ChannelStreams.input(channel));
      var variables =
          environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      // A name of the file system, in octets as the other strings are.
      String octets =
          new String(
              directory.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      out.write(Wire.call(octets, words, variables));
      long token = in.readLong();
      while (true) {
        int what = in.read();
        int value = in.read();
        if (value < 0) {
          throw new IOException("the server went away");
        }
        switch (what) {
          case Wire.EXIT:
            awaitOutputs();
            return OptionalInt.of(value);
          case Wire.NONE:
            return OptionalInt.empty();
          case Wire.REWIND:
            rewind(token);
            break;
          case Wire.LIMIT:
            limits.put(value, Duration.ofMillis(in.readLong()));
            break;
          case Wire.INPUT:
            input(value, token);
            break;
          default:
            output(value, token);
        }
      }
    }
  }

  private void awaitOutputs() throws InterruptedException {
    for (var output : outputs.entrySet()) {
      Duration limit = limits.get(output.getKey());
      if (limit == null) {
        output.getValue().await();
      } else {
        output.getValue().await(limit);
      }
    }
  }

  private SocketChannel reach() throws NoServerException {
    try {
      return connect();
    } catch (IOException e) {
      throw new NoServerException(e);
    }
  }

  private SocketChannel connect() throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(door.toRealPath()));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException(door + ": " + e.getMessage(), e);
    }
  }

  private SocketChannel stream(long token, int descriptor, boolean open) throws IOException {
    var channel = connect();
    ChannelStreams.output(channel).write(Wire.stream(token, descriptor, open));
    return channel;
  }

  private void input(int descriptor, long token) throws IOException {
    Optional<InputStream> from = descriptors.input(descriptor);
    var channel = stream(token, descriptor, from.isPresent());
    if (from.isEmpty()) {
      channel.close();
      return;
    }
    var carrier = Carrier.in(from.get(), channel);
    if (descriptor == 0) {
      standardInput = Optional.of(carrier);
    }
  }

  private void output(int descriptor, long token) throws IOException {
    Optional<OutputStream> to = descriptors.output(descriptor);
    var channel = stream(token, descriptor, to.isPresent());
    if (to.isPresent()) {
      outputs.put(descriptor, Carrier.out(to.get(), channel));
    } else {
      channel.close();
    }
  }

  /** What was read ahead must not be read again: the old copying ends first. */
  private void rewind(long token) throws IOException, InterruptedException {
    if (standardInput.isPresent()) {
      standardInput.get().end(REWIND_MILLIS);
    }
    try {
      descriptors.rewind();
    } catch (IOException e) {
      LOG.debug("descriptor 0 cannot be rewound", e);
      stream(token, 0, false).close();
      return;
    }
    input(0, token);
  }
}
