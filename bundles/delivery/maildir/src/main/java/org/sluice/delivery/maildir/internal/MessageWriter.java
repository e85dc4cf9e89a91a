package org.sluice.delivery.maildir.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.sluice.api.delivery.Delivery;

/** Writes one file in {@code tmp} and forces it; leaves nothing behind if that fails. */
final class MessageWriter {
  /** A failure with qmail-local's own text. */
  static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    Failure(String text, Throwable cause) {
      super(text, cause);
    }
  }

  private static final int BLOCK = 65536;
  private static final Duration LIMIT = Duration.ofHours(24);
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private final Clock clock;

  MessageWriter(Clock clock) {
    this.clock = clock;
  }

  /** Return-Path, Delivered-To, then the message unchanged; on return the content is on disk. */
  void write(Path tmp, Delivery delivery) throws IOException {
    var channel = FileChannel.open(tmp, NEW, PRIVATE);
    boolean done = false;
    try {
      try (channel) {
        copy(channel, delivery);
        channel.force(false); // a new file's length goes to disk with its data
      }
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(tmp);
      }
    }
  }

  private void copy(FileChannel channel, Delivery delivery) throws IOException {
    Instant end = clock.instant().plus(LIMIT);
    byte[] head =
        (delivery.returnPath() + delivery.deliveredTo()).getBytes(StandardCharsets.ISO_8859_1);
    long size = head.length + delivery.message().size();
    // One octet more than the message has, so that its end is seen without another round.
    byte[] block = new byte[(int) Math.max(head.length, Math.min(BLOCK, size + 1))];
    System.arraycopy(head, 0, block, 0, head.length);
    int used = head.length;
    try (InputStream in = open(delivery)) {
      while (true) {
        int n = used < block.length ? read(in, block, used) : 0;
        if (n >= 0) {
          used += n;
        }
        if (n < 0 || used == block.length) {
          flush(channel, ByteBuffer.wrap(block, 0, used));
          used = 0;
        }
        if (n < 0) {
          return;
        }
        if (clock.instant().isAfter(end)) {
          throw new Failure("Timeout on maildir delivery. (#4.3.0)", null);
        }
      }
    }
  }

  private static void flush(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static InputStream open(Delivery delivery) throws Failure {
    try {
      return delivery.message().open();
    } catch (IOException e) {
      throw new Failure("Unable to read message. (#4.3.0)", e);
    }
  }

  private static int read(InputStream in, byte[] block, int used) throws Failure {
    try {
      return in.read(block, used, block.length - used);
    } catch (IOException e) {
      throw new Failure("Unable to read message. (#4.3.0)", e);
    }
  }
}
