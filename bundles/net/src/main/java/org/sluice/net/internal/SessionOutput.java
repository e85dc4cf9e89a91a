package org.sluice.net.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * The octets to the client. Sockets have no write timeout, so this notes since when a write is
 * under way, and {@link Watchdog} closes a socket on which that is too long ago.
 */
final class SessionOutput extends OutputStream {
  /** Small enough that a slow client, which takes some of it in time, is not called stuck. */
  private static final int BLOCK = 16 * 1024;

  private static final long NOT_WRITING = Long.MIN_VALUE;

  private final Socket socket;
  private final OutputStream out;
  private final Progress progress;
  private volatile long since = NOT_WRITING;
  private volatile long limitNanos = Long.MAX_VALUE;
  private volatile boolean timedOut;

  SessionOutput(Socket socket, Progress progress) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.progress = progress;
  }

  void limit(long millis) {
    limitNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Whether the write under way has made no progress within the limit. */
  boolean stuck(long nanoTime) {
    long start = since;
    boolean late = start != NOT_WRITING && nanoTime - start > limitNanos;
    if (late) {
      timedOut = true;
    }
    return late;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      for (int done = 0; done < length; done += BLOCK) {
        block(bytes, offset + done, Math.min(BLOCK, length - done));
      }
    } catch (IOException e) {
      if (timedOut) {
        var timeout = new SocketTimeoutException("Write timed out");
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      since = NOT_WRITING;
    }
  }

  private void block(byte[] bytes, int offset, int length) throws IOException {
    int count = 0;
    long start = progress.waits();
    since = start;
    try {
      out.write(bytes, offset, length);
      count = length;
    } finally {
      progress.moved(start, count);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
