package org.sluice.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.Connection;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;

/**
 * What the servers of QMTP and QMQP have in common: the time that a client gets, and what becomes
 * of a connection (spec 20 sections 8.5 and 9.2). Used by one thread.
 */
public final class NetstringSession {
  private static final Logger LOG = LoggerFactory.getLogger(NetstringSession.class);
  private static final Duration ALL = Duration.ofHours(1);
  private static final Duration IDLE = Duration.ofMinutes(20);

  /** The protocol itself. */
  @FunctionalInterface
  public interface Dialogue {
    /**
     * Serves to the end.
     *
     * @throws QueueException if something here does not work: the client is left without a word
     * @throws IOException if the client is gone, or does not speak the protocol
     */
    void serve(NetstringSession session) throws IOException, InterruptedException;
  }

  private final Connection connection;
  private final NetstringReader in;
  private final OutputStream out;

  private NetstringSession(Connection connection, InstantSource clock) {
    this.connection = connection;
    var deadline = new Deadline(clock, ALL);
    // The program is qmail's, which knows no other limit; a listener's places are wanted back.
    Duration idle = connection instanceof ProgramConnection ? ALL : IDLE;
    out = new BufferedOutputStream(connection.out());
    in =
        new NetstringReader(
            connection.in(),
            () -> {
              out.flush();
              connection.timeout(deadline.left(idle));
            });
  }

  /** Serves a connection; the exit status of qmail's program, which the connection is told too. */
  public static int run(Connection connection, InstantSource clock, Dialogue dialogue)
      throws InterruptedException {
    int status = serve(connection, clock, dialogue);
    connection.status(status);
    return status;
  }

  private static int serve(Connection connection, InstantSource clock, Dialogue dialogue)
      throws InterruptedException {
    try {
      var session = new NetstringSession(connection, clock);
      dialogue.serve(session);
      session.out.flush();
      return ExitCode.OK;
    } catch (QueueException e) {
      LOG.error("{}: {}", connection.id(), e.getMessage());
      return ExitCode.TEMPORARY;
    } catch (NetstringException e) {
      LOG.info("{}: {}", connection.id(), e.getMessage());
      return e.status();
    } catch (SocketTimeoutException e) {
      LOG.info("{}: {}", connection.id(), e.getMessage());
      return ExitCode.TEMPORARY;
    } catch (IOException e) {
      LOG.debug("{}: the client is gone: {}", connection.id(), e.toString());
      return ExitCode.OK;
    }
  }

  /** What the client says; what it has been told is sent before a wait for more. */
  public NetstringReader in() {
    return in;
  }

  /** What the client is told; what was not sent is lost when the client breaks the protocol. */
  public OutputStream out() {
    return out;
  }

  /** Waits for the first octet of a message; false if there is none or the listener has to go. */
  public boolean next() throws IOException {
    if (in.buffered()) {
      return true;
    }
    if (connection.draining()) {
      return false;
    }
    connection.idle(true);
    try {
      return in.await();
    } finally {
      connection.idle(false);
    }
  }
}
