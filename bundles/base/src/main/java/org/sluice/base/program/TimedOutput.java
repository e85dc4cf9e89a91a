package org.sluice.base.program;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Any stream, with a time-out on writes: each block of 16 KiB may take so long, and is sent at
 * once. Used by one thread.
 *
 * <p>After a write that was left no other is begun, so that what the reader gets is never mixed.
 */
public final class TimedOutput extends OutputStream {
  private static final int BLOCK = 16_384;

  /** A stream whose octets are passed on elsewhere, where the time-out must hold as well. */
  public interface Remote {
    /** From now on what was written may take this long without any progress. */
    void limit(Duration limit);
  }

  private final OutputStream out;
  private Optional<Duration> limit = Optional.empty();
  private boolean left;

  /** Without a time-out yet. */
  public TimedOutput(OutputStream out) {
    this.out = out;
  }

  /** From now on a write that makes no way for this long throws SocketTimeoutException. */
  public void limit(Duration duration) {
    limit = Optional.of(duration);
    if (out instanceof Remote remote) {
      remote.limit(duration);
    }
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int from = offset; from < offset + length; from += BLOCK) {
      // A copy: the caller may use its array again when it has given up.
      byte[] block = Arrays.copyOfRange(bytes, from, Math.min(offset + length, from + BLOCK));
      call(
          () -> {
            out.write(block);
            out.flush(); // here, not in a call of its own: it may block as well
            return block.length;
          });
    }
  }

  private void call(Callable<Integer> call) throws IOException {
    if (left) {
      throw new IOException("the reader has taken nothing for too long");
    }
    left = true;
    BlockingCalls.await(BlockingCalls.begin(call), limit);
    left = false;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
