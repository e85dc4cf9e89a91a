package org.sluice.tools.recordio.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines about one direction (spec 20 section 13.3), each in one write. Used by one thread, but
 * {@link #close} by any.
 */
final class Record {
  /** Octets of a packet; longer ones are taken for several. */
  static final int PACKET = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Record.class);

  private final OutputStream log;
  private final byte[] prefix;
  private volatile boolean closed;

  /**
   * Begins.
   *
   * @param mark {@code <} for what comes from the network, {@code >} for what goes there
   */
  Record(OutputStream log, long number, char mark) {
    this.log = log;
    this.prefix = (number + " " + mark + " ").getBytes(StandardCharsets.US_ASCII);
  }

  /** A packet, line by line. */
  void packet(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int start = offset; start < end; ) {
      int lf = start;
      while (lf < end && bytes[lf] != '\n') {
        lf++;
      }
      line(bytes, start, lf - start, lf < end ? " \n" : "+\n");
      start = lf + 1;
    }
  }

  /** The end of the direction; nothing is told of what may still come. */
  void close() {
    if (!closed) {
      line(prefix, 0, 0, "[EOF]\n");
      closed = true;
    }
  }

  /** No more is told. */
  void leave() {
    closed = true;
  }

  private void line(byte[] bytes, int offset, int length, String end) {
    if (closed) {
      return;
    }
    var line = new ByteArrayOutputStream(PACKET + 32);
    line.writeBytes(prefix);
    line.write(bytes, offset, length);
    line.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
    try {
      log.write(line.toByteArray());
      log.flush();
    } catch (IOException e) {
      LOG.debug("nobody reads the log: {}", e.toString()); // the conversation goes on
    }
  }
}
