package org.sluice.delivery.lmtp.internal;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.TimedChannel;

/** Reads replies, bounded in size and in time (RFC 5321 section 4.2). */
final class ReplyReader {
  private static final int LONGEST = 65_536;
  private static final Pattern LINE = Pattern.compile("([2-5][0-9][0-9])(?:([ -])(.*))?");
  private final TimedChannel channel;
  private final byte[] block = new byte[4096];
  private int at;
  private int end;

  ReplyReader(TimedChannel channel) {
    this.channel = channel;
  }

  /** The next reply, all of it within the limit. */
  ServerReply read(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<String> lines = new ArrayList<>();
    int size = 0;
    while (true) {
      String line = line(deadline, LONGEST - size);
      size += line.length();
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IOException("the server does not speak LMTP");
      }
      lines.add(parts.group(3) == null ? "" : parts.group(3));
      if (!"-".equals(parts.group(2))) {
        return new ServerReply(Integer.parseInt(parts.group(1)), lines);
      }
    }
  }

  private String line(long deadline, int room) throws IOException, InterruptedException {
    var line = new StringBuilder();
    while (true) {
      if (at == end) {
        fill(deadline);
      }
      char c = (char) (block[at++] & 0xff);
      if (c == '\n') {
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
      if (line.length() >= room) {
        throw new IOException("the server's reply has no end");
      }
      // A report is text: what might be taken for its end or for another line is not let in.
      line.append(c == 0 ? '?' : c);
    }
  }

  private void fill(long deadline) throws IOException, InterruptedException {
    if (System.nanoTime() >= deadline) {
      throw new SocketTimeoutException("the server takes too long");
    }
    end = channel.read(block);
    at = 0;
    if (end < 0) {
      end = 0;
      throw new EOFException("the server closed the connection");
    }
  }
}
