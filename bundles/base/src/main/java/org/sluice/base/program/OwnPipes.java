package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.Optional;

/**
 * Pipes for descriptors 0 and 1 of a process that this process has made itself. Java closes its
 * ends of those that it makes when the program has ended, whoever else holds their other ends.
 * {@link #close} may be called by any thread and ends reads and writes of others.
 */
final class OwnPipes implements AutoCloseable {
  private final DescriptorAccess access;
  private final Pipe input = Pipe.open();
  private final Pipe output;

  private OwnPipes(DescriptorAccess access) throws IOException {
    this.access = access;
    try {
      this.output = Pipe.open();
    } catch (IOException e) {
      input.source().close();
      input.sink().close();
      throw e;
    }
  }

  /** Two pipes; empty if a process cannot be started with them in this JVM. */
  static Optional<OwnPipes> open() throws IOException {
    Optional<DescriptorAccess> access = DescriptorAccess.granted();
    return access.isEmpty() ? Optional.empty() : Optional.of(new OwnPipes(access.get()));
  }

  /** Makes them descriptors 0 and 1 of a process that is started before {@link #started}. */
  void redirect(ProcessBuilder builder) throws IOException {
    builder
        .redirectInput(access.redirect(access.number(input.source())))
        .redirectOutput(access.redirect(access.number(output.sink())));
  }

  /** Closes the ends that the process has. */
  void started() throws IOException {
    input.source().close();
    output.sink().close();
  }

  /** What the process reads. */
  OutputStream input() {
    return Channels.newOutputStream(input.sink());
  }

  /** What it writes. */
  InputStream output() {
    return Channels.newInputStream(output.source());
  }

  @Override
  public void close() throws IOException {
    Pipe.SinkChannel in = input.sink();
    Pipe.SourceChannel out = output.source();
    try (in;
        out) {
      started();
    }
  }
}
