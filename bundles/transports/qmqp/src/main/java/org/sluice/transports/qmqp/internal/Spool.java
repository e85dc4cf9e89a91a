package org.sluice.transports.qmqp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BytesMessage;
import org.sluice.base.FileMessage;

/**
 * A whole message, whose length must be known before it is sent: a short one in memory, a long one
 * in a temporary file that only this user can read.
 */
final class Spool implements MessageSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final int IN_MEMORY = 256 * 1024;

  private final MessageSource message;
  private final Optional<Path> file;

  private Spool(MessageSource message, Optional<Path> file) {
    this.message = message;
    this.file = file;
  }

  /** Reads to the end of the stream. */
  static Spool read(InputStream in) throws QueueException {
    byte[] start = more(in, IN_MEMORY);
    if (start.length < IN_MEMORY) {
      return new Spool(new BytesMessage(start, 0, start.length), Optional.empty());
    }
    Optional<Path> file = Optional.empty();
    try {
      file = Optional.of(Files.createTempFile("sluice-qmqp-", ".eml"));
      try (OutputStream out = Files.newOutputStream(file.get())) {
        for (byte[] block = start; block.length > 0; block = more(in, IN_MEMORY)) {
          out.write(block);
        }
      }
      return new Spool(new FileMessage(file.get()), file);
    } catch (IOException e) {
      file.ifPresent(Spool::delete);
      throw e instanceof QueueException known
          ? known
          : new QueueException(ExitCode.WRITE, "cannot spool a message: " + e.getMessage(), e);
    }
  }

  private static byte[] more(InputStream in, int most) throws QueueException {
    try {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw new QueueException(ExitCode.READ, "message unreadable: " + e.getMessage(), e);
    }
  }

  @Override
  public long size() {
    return message.size();
  }

  @Override
  public InputStream open() throws IOException {
    return message.open();
  }

  @Override
  public Header header() throws IOException {
    return message.header();
  }

  @Override
  public void close() {
    file.ifPresent(Spool::delete);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
  }
}
