package org.sluice.delivery.mbox.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.FromQuoter;
import org.sluice.base.SystemError;

/** Writes one message at the end of an open mailbox, or takes back what it wrote. */
final class Appender {
  private static final int BLOCK = 65536;
  private final FileChannel channel;
  private final boolean locked;

  Appender(FileChannel channel, boolean locked) {
    this.channel = channel;
    this.locked = locked;
  }

  /** On return with {@code Delivered} the message is on disk. */
  DeliveryResult append(Delivery delivery) throws IOException {
    long end = channel.size();
    boolean done = false;
    try (InputStream in = delivery.message().open()) {
      var out = new BufferedOutputStream(Channels.newOutputStream(channel), BLOCK);
      write(delivery.fromLine() + delivery.returnPath() + delivery.deliveredTo(), out);
      var quoter = new FromQuoter(out);
      byte[] block = new byte[BLOCK];
      for (int n = read(in, block); n >= 0; n = read(in, block)) {
        quoter.write(block, n);
      }
      quoter.end();
      out.flush();
      channel.force(true);
      done = true;
      return new DeliveryResult.Delivered("");
    } catch (UnreadableMessage e) {
      return new DeliveryResult.TempFail(
          "Unable to read message: " + SystemError.text(e.cause) + ". (#4.3.0)\n");
    } finally {
      if (!done && locked && channel.isOpen()) {
        channel.truncate(end);
      }
    }
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
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
