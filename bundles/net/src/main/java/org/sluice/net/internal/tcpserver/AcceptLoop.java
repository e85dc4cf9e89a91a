package org.sluice.net.internal.tcpserver;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Child;
import org.sluice.base.IpText;
import org.sluice.base.Threads;

/** Accepts connections, no more than the limit at once, and serves each on a thread of its own. */
final class AcceptLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptLoop.class);

  /** What sessions have left after an interrupt. */
  private static final Duration AFTER_CUT = Duration.ofSeconds(5);

  private static final long RETRY_MILLIS = 100;

  /** What is done with a connection. */
  @FunctionalInterface
  interface Session {
    /**
     * Serves it to its end; the exit status.
     *
     * @param handedOver to call when another process has the connection, and this one need neither
     *     keep nor wait for it
     */
    int serve(Socket socket, long pid, Runnable handedOver) throws InterruptedException;
  }

  private final ServerSocket listening;
  private final int limit;
  private final ServerLog log;
  private final Session session;
  private final Semaphore free;
  private final Thread acceptor = Threads.platform("tcpserver-accept-").newThread(this::accept);
  private final ExecutorService threads = Threads.perTask("tcpserver-");
  private final Map<Socket, Thread> running = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int connections;
  private final Set<Socket> elsewhere = new HashSet<>();
  private long pid = ProcessHandle.current().pid();
  private volatile boolean stopped;
  private volatile boolean cut;

  AcceptLoop(ServerSocket listening, int limit, ServerLog log, Session session) {
    this.listening = listening;
    this.limit = limit;
    this.log = log;
    this.session = session;
    this.free = new Semaphore(limit);
  }

  /**
   * Serves until it is stopped and the last session in this process has ended; those that other
   * processes have go on. An interrupt stops it, and ends all sessions.
   */
  void run() throws InterruptedException {
    log.status(0, limit);
    acceptor.start();
    try {
      acceptor.join();
      await(() -> connections == elsewhere.size(), Long.MAX_VALUE);
    } catch (InterruptedException e) {
      cut = true;
      stop();
      acceptor.join(AFTER_CUT.toMillis());
      running.forEach(AcceptLoop::cut);
      await(() -> connections == 0, AFTER_CUT.toNanos());
      throw e;
    } finally {
      threads.shutdown();
    }
  }

  /** Accepts no more; {@link #run} returns when the last session of this process has ended. */
  void stop() {
    stopped = true;
    close(listening);
    acceptor.interrupt(); // it may wait for a session to end
  }

  private void accept() {
    try {
      while (!stopped) {
        free.acquire();
        Socket socket = null;
        try {
          socket = listening.accept();
        } catch (IOException e) {
          free.release();
          if (!stopped) {
            LOG.warn("unable to accept, going on: {}", e.toString());
            Thread.sleep(RETRY_MILLIS); // no descriptor left: that passes when a session ends
          }
          continue;
        }
        begin(socket);
      }
    } catch (InterruptedException e) {
      LOG.debug("accepts no more");
    }
  }

  private void begin(Socket socket) {
    count(1);
    long number = ++pid;
    log.from(number, IpText.of(socket.getInetAddress()));
    try {
      threads.execute(() -> serve(socket, number));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      log.dropping("unable to fork: temporary failure");
      close(socket);
      ended(socket);
    }
  }

  private void serve(Socket socket, long number) {
    running.put(socket, Thread.currentThread());
    int status = ExitCode.TEMPORARY;
    try {
      status = cut ? status : session.serve(socket, number, () -> handOver(socket));
    } catch (InterruptedException e) {
      LOG.debug("{}: interrupted", number);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{}: failed", number, e); // the server lives on
    } finally {
      running.remove(socket);
      Thread.interrupted(); // the thread is pooled, and the interrupt was for this session
      close(socket);
      log.end(number, waitStatus(status));
      ended(socket);
    }
  }

  /** Closes this process's copy, so that the client sees the end when all others are closed. */
  private void handOver(Socket socket) {
    close(socket);
    lock.lock();
    try {
      elsewhere.add(socket);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void ended(Socket socket) {
    lock.lock();
    try {
      elsewhere.remove(socket);
      count(-1);
    } finally {
      lock.unlock();
    }
    free.release();
  }

  /** As wait(2) gives it: the status in the second octet, or the number of a signal. */
  static int waitStatus(int status) {
    return Child.crashed(status) ? status & 0x7f : status << 8;
  }

  private void count(int change) {
    lock.lock();
    try {
      connections += change;
      log.status(connections, limit);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(BooleanSupplier condition, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void cut(Socket socket, Thread thread) {
    close(socket);
    thread.interrupt();
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("close: {}", e.toString());
    }
  }
}
