package org.sluice.listeners.qmtp.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.net.Connection;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.Deadline;
import org.sluice.base.NetstringException;
import org.sluice.base.NetstringReader;

/** One connection: any number of messages (spec 20 section 8). Used by one thread. */
final class QmtpSession {
  private static final Logger LOG = LoggerFactory.getLogger(QmtpSession.class);
  private static final Duration ALL = Duration.ofHours(1);
  private static final Duration IDLE = Duration.ofMinutes(20);

  private final Connection connection;
  private final Services services;
  private final Supplier<Optional<MailQueue>> queue;
  private final int maxRecipients;
  private final NetstringReader in;
  private final OutputStream out;

  /**
   * A session.
   *
   * @param queue where the messages go
   */
  QmtpSession(
      Connection connection,
      Services services,
      Supplier<Optional<MailQueue>> queue,
      int maxRecipients) {
    this.connection = connection;
    this.services = services;
    this.queue = queue;
    this.maxRecipients = maxRecipients;
    // What is not flushed is lost when the session is given up, as the chapter says.
    out = new BufferedOutputStream(connection.out());
    var deadline = new Deadline(services.clock(), ALL);
    in =
        new NetstringReader(
            connection.in(),
            () -> {
              out.flush();
              connection.timeout(deadline.left(IDLE));
            });
  }

  /** Serves to the end; qmail-qmtpd's exit status (spec 20 section 8.5). */
  int run() throws InterruptedException {
    try {
      serve();
      return ExitCode.OK;
    } catch (Trouble e) {
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

  private void serve() throws IOException, InterruptedException, Trouble {
    var control = services.control().orElseThrow(() -> new Trouble("no control files"));
    Settings settings;
    try {
      settings = Settings.read(control, connection.environment());
    } catch (IOException e) {
      throw new Trouble(e.getMessage());
    }
    var session =
        new Session(
            connection.id(),
            "qmtp",
            connection.environment(),
            Optional.empty(),
            services.clock().instant());
    var chain = services.chain();
    Verdict connect = chain.isPresent() ? chain.get().connect(session) : Verdict.next();
    while (next()) {
      var target = queue.get().orElseThrow(() -> new Trouble("no queue"));
      new Message(services, settings, session, connect, target, maxRecipients, in, out).receive();
    }
    out.flush();
  }

  /** Waits for a message; false if there is none or the listener wants to go. */
  private boolean next() throws IOException {
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
