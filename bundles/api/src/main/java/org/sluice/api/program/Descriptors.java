package org.sluice.api.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The open descriptors of a program, opened when first asked for. Used by the threads of that
 * program, one at a time.
 */
@ConsumerType
public interface Descriptors {
  /** None is open. */
  Descriptors NONE =
      new Descriptors() {
        @Override
        public Optional<InputStream> input(int descriptor) {
          return Optional.empty();
        }

        @Override
        public Optional<OutputStream> output(int descriptor) {
          return Optional.empty();
        }

        @Override
        public void rewind() throws IOException {
          throw new IOException("Bad file descriptor");
        }
      };

  /** Open for reading; the same stream each time. */
  Optional<InputStream> input(int descriptor) throws IOException;

  /** Open for writing; the same stream each time. */
  Optional<OutputStream> output(int descriptor) throws IOException;

  /** Begins descriptor 0 again; {@link #input} then gives another stream. */
  void rewind() throws IOException;

  /** Whether descriptors 0 to 2 are this process's own, for its children to inherit. */
  default boolean inherited() {
    return false;
  }

  /**
   * How long what a program of the operating system has written may wait for its reader, without
   * any progress, when the program has ended; empty: for ever.
   */
  default Optional<Duration> linger() {
    return Optional.empty();
  }

  /** Of the descriptors to inherit, those that were closed: children must not get them. */
  default Set<Integer> closed() {
    return Set.of();
  }
}
