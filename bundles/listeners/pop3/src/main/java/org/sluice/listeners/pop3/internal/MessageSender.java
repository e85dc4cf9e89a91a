package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Puts messages on the wire (spec 20 section 12.4). Used by one thread. */
final class MessageSender {
  private static final int BLOCK = 32_768;

  private final Output out;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

  MessageSender(Output out) {
    this.out = out;
  }

  /**
   * Sends a message line by line, a dot doubled at the beginning of a line, and the end: an empty
   * line and a dot.
   *
   * @param lines how many lines of the body, plus one; 0 for all
   * @throws IOException if the file cannot be read to its end, or the client is gone
   */
  void send(ReadableByteChannel message, long lines) throws IOException {
    var pass = new Pass(lines);
    while (!pass.over && message.read(block.clear()) >= 0) {
      pass.block(block.array(), block.position());
    }
    if (!pass.over && !pass.lineStart) {
      out.end(); // the last line has no end of its own
    }
    out.line("");
    out.line(".");
  }

  /** One message. */
  private final class Pass {
    private long left;
    private boolean over;
    private boolean header = true;
    private boolean lineStart = true;
    private boolean emptyLine;

    Pass(long lines) {
      left = lines;
    }

    void block(byte[] bytes, int length) throws IOException {
      int from = 0;
      while (from < length) {
        if (lineStart && !begin(bytes[from])) {
          over = true;
          return;
        }
        int end = from;
        while (end < length && bytes[end] != '\n') {
          end++;
        }
        emptyLine &= end == from;
        out.write(bytes, from, end - from);
        if (end < length) {
          out.end();
          header &= !emptyLine;
          lineStart = true;
        }
        from = end + 1;
      }
    }

    /** Before a line's first octet; false if it is one too many. */
    private boolean begin(byte first) throws IOException {
      if (left != 0 && !header && --left == 0) {
        return false;
      }
      lineStart = false;
      emptyLine = true;
      if (first == '.') {
        out.write('.');
      }
      return true;
    }
  }
}
