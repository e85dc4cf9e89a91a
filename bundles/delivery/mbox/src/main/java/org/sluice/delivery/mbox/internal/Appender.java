package org.sluice.delivery.mbox.internal;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.FromQuoter;
import org.sluice.base.SystemError;

/**
 * Writes one message at the end of an open mailbox, or takes back what it wrote. By a stream, not
 * by its channel: an interrupt would close that in the middle of the message, and the lock with it.
 */
final class Appender {
  private static final int BLOCK = 65536;
  private final FileOutputStream file;
  private final boolean locked;

  Appender(FileOutputStream file, boolean locked) {
    this.file = file;
    this.locked = locked;
  }

  /** On return with {@code Delivered} the message is on disk. */
  DeliveryResult append(Delivery delivery) throws IOException {
    long end = file.getChannel().size();
    boolean done = false;
    try (InputStream in = open(delivery)) {
      var out = new BufferedOutputStream(file, BLOCK);
      write(delivery.fromLine() + delivery.returnPath() + delivery.deliveredTo(), out);
      var quoter = new FromQuoter(out);
      byte[] block = new byte[(int) Math.min(BLOCK, delivery.message().size() + 1)];
      for (int n = read(in, block); n >= 0; n = read(in, block)) {
        quoter.write(block, n);
      }
      quoter.end();
      out.flush();
      file.getFD().sync();
      done = true;
      return new DeliveryResult.Delivered("");
    } catch (UnreadableMessage e) {
      return new DeliveryResult.TempFail(
          "Unable to read message: " + SystemError.text(e.cause) + ". (#4.3.0)\n");
    } finally {
      if (!done && locked) {
        Truncation.to(file.getChannel(), end);
      }
    }
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static InputStream open(Delivery delivery) throws UnreadableMessage {
    try {
      return delivery.message().open();
    } catch (IOException e) {
      throw new UnreadableMessage(e);
    }
  }

  private static int read(InputStream in, byte[] block) throws UnreadableMessage {
    try {
      return in.read(block);
    } catch (IOException e) {
      throw new UnreadableMessage(e);
    }
  }

  /** Tells a failure to read from one to write. */
  private static final class UnreadableMessage extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException cause;

    UnreadableMessage(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
