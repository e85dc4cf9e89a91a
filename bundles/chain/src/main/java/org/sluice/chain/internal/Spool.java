package org.sluice.chain.internal;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.BytesMessage;
import org.sluice.base.FileMessage;

/** A changed message being written: in memory if it is short, else in a file of its own. */
final class Spool extends OutputStream {
  /** Gives new files. */
  @FunctionalInterface
  interface Place {
    Path create() throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final int IN_MEMORY = 65_536;

  private final Place place;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
  private Optional<Path> path = Optional.empty();
  private OutputStream file;
  private IOException trouble;
  private volatile boolean closed;

  Spool(Place place) {
    this.place = place;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the message is written already");
    }
    try {
      if (file == null && memory.size() + (long) length > IN_MEMORY) {
        spill();
      }
      (file == null ? memory : file).write(octets, offset, length);
    } catch (IOException e) {
      throw remember(e);
    }
  }

  private void spill() throws IOException {
    path = Optional.of(place.create());
    file = new BufferedOutputStream(Files.newOutputStream(path.get()), IN_MEMORY);
    memory.writeTo(file);
    memory.reset();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        throw remember(e);
      }
    }
  }

  private IOException remember(IOException e) {
    trouble = e;
    return e;
  }

  /** What went wrong here, even if whoever wrote has not said so. */
  Optional<IOException> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** What was written; after the close. */
  MessageSource message() throws IOException {
    return path.isPresent()
        ? new FileMessage(path.get())
        : new BytesMessage(memory.toByteArray(), 0, memory.size());
  }

  /** Leaves nothing behind. */
  void delete() {
    try {
      close();
    } catch (IOException e) {
      LOG.debug("a changed message was not written to its end", e);
    }
    try {
      if (path.isPresent()) {
        Files.deleteIfExists(path.get());
      }
    } catch (IOException e) {
      LOG.warn("{} stays until the next start", path.get(), e);
    }
  }
}
