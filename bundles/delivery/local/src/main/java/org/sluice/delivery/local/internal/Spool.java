package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.BytesMessage;
import org.sluice.base.FileMessage;

/**
 * Keeps a message that comes only once: in memory if it is small, else in a file that it removes.
 */
final class Spool implements AutoCloseable {
  /** Octets up to which a message is kept in memory. */
  static final int SMALL = 1 << 16;

  private static final int BLOCK = 1 << 16;
  private Optional<Path> file = Optional.empty();

  /** Reads at most so many octets, and no more from the stream. */
  MessageSource keep(InputStream in, long limit) throws IOException {
    byte[] octets = in.readNBytes((int) Math.min(limit, SMALL + 1));
    if (octets.length <= SMALL) {
      return new BytesMessage(octets, 0, octets.length);
    }
    Path path = Files.createTempFile("sluice-local-", ".eml"); // mode 0600
    file = Optional.of(path);
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(octets);
      byte[] block = new byte[BLOCK];
      long left = limit - octets.length;
      while (left > 0) {
        int n = in.read(block, 0, (int) Math.min(BLOCK, left));
        if (n < 0) {
          break;
        }
        out.write(block, 0, n);
        left -= n;
      }
    }
    return new FileMessage(path);
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }
}
