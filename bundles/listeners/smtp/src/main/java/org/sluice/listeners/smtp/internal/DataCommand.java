package org.sluice.listeners.smtp.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.QueueStatus;

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
            Trace.line(session.environment(), session.hello(), services.clock().instant()));
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
      FilterPass.Filtered filtered = transaction.pass().message(new LazyMessage(draft));
      Verdict verdict = filtered.verdict();
      if (verdict instanceof Verdict.Reject reject) {
        out.reply(reject.reply());
      } else if (verdict instanceof Verdict.TempFail tempFail) {
        out.reply(tempFail.reply());
      } else if (verdict instanceof Verdict.Discard discard) {
        LOG.warn("{}: message discarded by a filter: {}", session.id(), discard.reason());
        accepted(draft);
      } else {
        commit(queue, draft, filtered);
      }
    } catch (QueueException e) {
      fail(e);
    }
  }

  private void commit(MailQueue queue, Draft draft, FilterPass.Filtered filtered)
      throws IOException {
    if (filtered.envelope().recipients().isEmpty()) {
      LOG.warn("{}: filters removed every recipient, message discarded", session.id());
      accepted(draft);
    } else if (filtered.replacement().isEmpty()) {
      commit(draft, filtered.verdict(), filtered.envelope());
    } else {
      try (Draft edited = queue.open(Origin.NETWORK)) {
        copy(filtered.replacement().get(), edited);
        commit(edited, filtered.verdict(), filtered.envelope());
      }
    }
  }

  private void commit(Draft draft, Verdict verdict, Envelope envelope) throws IOException {
    if (verdict instanceof Verdict.Quarantine quarantine) {
      LOG.warn("{}: message held by a filter: {}", session.id(), quarantine.reason());
      draft.hold(quarantine.reason());
    }
    draft.commit(envelope);
    accepted(draft);
  }

  /** Without the first draft's trace line, which the queue has written anew. */
  private static void copy(MessageSource message, Draft into) throws IOException {
    try (InputStream in = new BufferedInputStream(message.open())) {
      in.mark(32);
      if (new String(in.readNBytes(17), java.nio.charset.StandardCharsets.ISO_8859_1)
          .equals("Received: (qmail ")) {
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
          continue;
        }
      } else {
        in.reset();
      }
      in.transferTo(into.body());
    }
  }

  private void accepted(Draft draft) throws IOException {
    out.line("250 ok " + services.clock().instant().getEpochSecond() + " qp " + draft.process());
  }

  private void fail(QueueException why) throws IOException {
    LOG.warn("{}: not queued: {}", session.id(), why.getMessage());
    QueueStatus status = QueueStatus.of(why);
    out.line((status.permanent() ? "554 " : "451 ") + status.text());
  }
}
