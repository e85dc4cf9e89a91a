package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.net.Connection;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.QueueException;
import org.sluice.base.ListenerServices;
import org.sluice.base.NetstringSession;

/** One connection: any number of messages (spec 20 section 8). Used by one thread. */
final class QmtpSession {
  private final Connection connection;
  private final ListenerServices services;
  private final Supplier<Optional<MailQueue>> queue;
  private final int maxRecipients;

  /**
   * A session.
   *
   * @param queue where the messages go
   */
  QmtpSession(
      Connection connection,
      ListenerServices services,
      Supplier<Optional<MailQueue>> queue,
      int maxRecipients) {
    this.connection = connection;
    this.services = services;
    this.queue = queue;
    this.maxRecipients = maxRecipients;
  }

  /** Serves to the end; qmail-qmtpd's exit status (spec 20 section 8.5). */
  int run() throws InterruptedException {
    return NetstringSession.run(connection, services.clock(), this::serve);
  }

  private void serve(NetstringSession io) throws IOException, InterruptedException {
    Settings settings = settings();
    var session =
        new Session(
            connection.id(),
            "qmtp",
            connection.environment(),
            Optional.empty(),
            services.clock().instant());
    var chain = services.chain();
    Verdict connect = chain.isPresent() ? chain.get().connect(session) : Verdict.next();
    while (io.next()) {
      var target =
          queue.get().orElseThrow(() -> new QueueException(ExitCode.QUEUE, "there is no queue"));
      new Message(services, settings, session, connect, target, maxRecipients, io).receive();
    }
  }

  private Settings settings() throws QueueException {
    var control =
        services
            .control()
            .orElseThrow(() -> new QueueException(ExitCode.HOME, "there are no control files"));
    try {
      return Settings.read(control, connection.environment());
    } catch (IOException e) {
      throw new QueueException(ExitCode.HOME, e.getMessage(), e);
    }
  }
}
