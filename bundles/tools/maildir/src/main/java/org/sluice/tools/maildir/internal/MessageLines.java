package org.sluice.tools.maildir.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.sluice.base.MailDate;

/** The complete lines of a message in a maildir: as in qmail, a partial last one is lost. */
final class MessageLines implements Closeable {
  private static final int BLOCK = 65536;
  private static final String RETURN_PATH = "Return-Path: <";

  private final Maildir.Message message;
  private final FileChannel channel;
  private long left;

  private MessageLines(Maildir.Message message, FileChannel channel) {
    this.message = message;
    this.channel = channel;
  }

  static MessageLines open(Maildir.Message message) throws IOException {
    var channel = FileChannel.open(message.file(), StandardOpenOption.READ);
    var lines = new MessageLines(message, channel);
    boolean complete = false;
    try {
      lines.left = lines.endOfLastLine();
      complete = true;
      return lines;
    } finally {
      if (!complete) {
        channel.close();
      }
    }
  }

  private long endOfLastLine() throws IOException {
    for (long end = channel.size(); end > 0; end -= BLOCK) {
      long from = Math.max(0, end - BLOCK);
      String block = text(from, (int) (end - from));
      int lineFeed = block.lastIndexOf('\n');
      if (lineFeed >= 0) {
        return from + lineFeed + 1;
      }
    }
    return 0;
  }

  private String text(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      continue;
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
  }

  /** The line that begins the message in an mbox. */
  String fromLine() throws IOException {
    String head = text(0, (int) Math.min(BLOCK, left));
    String first = head.substring(0, head.indexOf('\n') + 1);
    String date = MailDate.mbox(Instant.ofEpochSecond(message.seconds()));
    return "From " + word(first) + " " + date + "\n";
  }

  private static String word(String line) {
    if (!line.startsWith(RETURN_PATH)) {
      return "XXX";
    }
    if (line.startsWith(">", RETURN_PATH.length())) {
      return "MAILER-DAEMON";
    }
    int end = Math.max(RETURN_PATH.length(), line.length() - ">\n".length());
    return line.substring(RETURN_PATH.length(), end).replace(' ', '-').replace('\t', '-');
  }

  /** Reads on; -1 at the end of the last complete line. */
  int read(byte[] block) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = channel.read(ByteBuffer.wrap(block, 0, (int) Math.min(block.length, left)));
    left -= Math.max(n, 0);
    return n;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
