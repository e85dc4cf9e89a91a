package org.sluice.base.program;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.Threads;

/**
 * Reads and writes on another thread, so that the caller can leave one that blocks. Java can
 * neither put a time-out on a file or pipe nor end a call that blocks in it; an abandoned call ends
 * when whoever owns the stream closes it, or with the process. Platform threads: the calls may be
 * to files.
 */
final class BlockingCalls {
  private static final ExecutorService THREADS = Threads.pooled("descriptor-");

  private BlockingCalls() {}

  static <T> Future<T> begin(Callable<T> call) {
    return THREADS.submit(call);
  }

  /**
   * Waits for its end. An interrupt ends call and caller, and is kept.
   *
   * @throws SocketTimeoutException if that takes longer; the call goes on
   */
  static <T> T await(Future<T> call, Optional<Duration> limit) throws IOException {
    try {
      return limit.isEmpty() ? call.get() : call.get(limit.get().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw (IOException) new SocketTimeoutException("nothing within " + limit.get()).initCause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.cancel(true);
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }
}
