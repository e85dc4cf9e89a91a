package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.Session;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.QueueStatus;
import org.sluice.base.Received;
import org.sluice.base.Submission;

/** DATA: the message into the queue (spec 20 sections 7.6 to 7.9). */
final class DataCommand {
  private static final Logger LOG = LoggerFactory.getLogger(DataCommand.class);

  private final Services services;
  private final Session session;
  private final Input in;
  private final Output out;
  private final long limit;

  DataCommand(Services services, Session session, Input in, Output out, long limit) {
    this.services = services;
    this.session = session;
    this.in = in;
    this.out = out;
    this.limit = limit;
  }

  void run(Transaction transaction) throws IOException, InterruptedException, SessionEnd {
    Optional<MailQueue> queue = services.queue();
    if (queue.isEmpty()) {
      out.line("451 qqt failure (#4.3.0)");
      return;
    }
    try (Draft draft = queue.get().open(Origin.NETWORK)) {
      out.line("354 go ahead");
      var stream = draft.body();
      Optional<QueueException> trouble = Optional.empty();
      var body = new BodyReader(in, stream, limit);
      try {
        stream.write(
            Received.line(
                session.environment(), session.hello(), "SMTP", services.clock().instant()));
        body.read();
      } catch (QueueException e) {
        trouble = Optional.of(e);
        body.skip();
      }
      if (body.tooManyHops()) {
        out.line("554 too many hops, this message is looping (#5.4.6)");
      } else if (body.tooLong()) {
        out.line("552 sorry, that message size exceeds my databytes limit (#5.3.4)");
      } else if (trouble.isPresent()) {
        fail(trouble.get());
      } else {
        finish(transaction, queue.get(), draft);
      }
    } catch (QueueException e) {
      LOG.warn("{}: {}", session.id(), e.getMessage());
      out.line("451 qqt failure (#4.3.0)");
    }
  }

  private void finish(Transaction transaction, MailQueue queue, Draft draft)
      throws IOException, InterruptedException {
    try {
      var outcome = Submission.finish(session.id(), transaction.pass(), queue, draft);
      if (outcome instanceof Submission.Refused refused) {
        out.reply(refused.reply());
      } else if (outcome instanceof Submission.Accepted accepted) {
        long now = services.clock().instant().getEpochSecond();
        out.line("250 ok " + now + " qp " + accepted.process());
      }
    } catch (QueueException e) {
      fail(e);
    }
  }

  private void fail(QueueException why) throws IOException {
    LOG.warn("{}: not queued: {}", session.id(), why.getMessage());
    QueueStatus status = QueueStatus.of(why);
    out.line((status.permanent() ? "554 " : "451 ") + status.text());
  }
}
