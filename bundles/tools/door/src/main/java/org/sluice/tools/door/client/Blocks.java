package org.sluice.tools.door.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A descriptor's octets on their way to the server: blocks, each behind its length, and a length of
 * 0 for the end. A stream that just ends was cut (the client was killed, or could not read), which
 * must never pass for the end of a message.
 */
public final class Blocks {
  private static final int SIZE = 16_384;

  private Blocks() {}

  /** Sends all that is read, and the end. */
  static void send(InputStream from, OutputStream to) throws IOException {
    byte[] block = new byte[Integer.BYTES + SIZE];
    int n;
    do {
      n = Math.max(0, from.read(block, Integer.BYTES, SIZE));
      ByteBuffer.wrap(block).putInt(n);
      to.write(block, 0, Integer.BYTES + n);
    } while (n > 0);
  }

  /** What was sent; a read fails where the stream was cut. Closing it closes the channel. */
  public static InputStream input(SocketChannel channel) {
    return new Received(new DataInputStream(ChannelStreams.input(channel)));
  }

  private static final class Received extends InputStream {
    private final DataInputStream in;
    private int left;
    private boolean ended;

    Received(DataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !ended) {
        left = in.readInt();
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int n = in.read(bytes, offset, Math.min(left, length));
      if (n < 0) {
        throw new IOException("the client's descriptor was lost");
      }
      left -= n;
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
