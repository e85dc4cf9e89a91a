package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Any stream, with a time-out on reads. Reads no further ahead than it is asked to, for a program
 * that is run next may read the same descriptor. Used by one thread.
 *
 * <p>At most one read of the stream is under way; one that was left because of the time-out is what
 * the next call waits for, so no octet is lost.
 */
public final class TimedInput extends InputStream {
  private final InputStream in;
  private Optional<Duration> limit = Optional.empty();
  private Optional<Future<Integer>> pending = Optional.empty();
  private byte[] block = {};
  private int position;
  private int end;

  /** Without a time-out yet. */
  public TimedInput(InputStream in) {
    this.in = in;
  }

  /** From now on a read that gets nothing for this long throws SocketTimeoutException. */
  public void limit(Duration duration) {
    limit = Optional.of(duration);
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
    if (position == end) {
      int n = next(length);
      if (n < 0) {
        return -1;
      }
      position = 0;
      end = n;
    }
    int n = Math.min(length, end - position);
    System.arraycopy(block, position, bytes, offset, n);
    position += n;
    return n;
  }

  private int next(int most) throws IOException {
    if (pending.isEmpty()) {
      byte[] into = block.length == most ? block : new byte[most];
      block = into;
      pending = Optional.of(BlockingCalls.begin(() -> in.read(into, 0, most)));
    }
    Future<Integer> read = pending.get();
    try {
      return BlockingCalls.await(read, limit);
    } finally {
      pending = pending.filter(call -> !call.isDone());
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
