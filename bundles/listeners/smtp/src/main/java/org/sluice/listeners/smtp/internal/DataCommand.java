package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Reply;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;

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
    MailTransaction mail = transaction.pass().transaction();
    Optional<MailQueue> queue = services.queue();
    if (queue.isEmpty()) {
      refuse(mail, "451 qqt failure (#4.3.0)");
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
        refuse(mail, "554 too many hops, this message is looping (#5.4.6)");
      } else if (body.tooLong()) {
        refuse(mail, "552 sorry, that message size exceeds my databytes limit (#5.3.4)");
      } else if (trouble.isPresent()) {
        fail(mail, trouble.get());
      } else {
        finish(transaction.pass(), queue.get(), draft);
      }
    } catch (QueueException e) {
      LOG.warn("{}: {}", session.id(), e.getMessage());
      refuse(mail, "451 qqt failure (#4.3.0)");
    }
  }

  private void finish(FilterPass pass, MailQueue queue, Draft draft)
      throws IOException, InterruptedException {
    MailTransaction mail = pass.transaction();
    try {
      FilterPass.Filtered filtered = pass.message(new LazyMessage(draft));
      Verdict verdict = filtered.verdict();
      if (verdict instanceof Verdict.Reject reject) {
        refuse(mail, reject.reply());
      } else if (verdict instanceof Verdict.TempFail tempFail) {
        refuse(mail, tempFail.reply());
      } else if (verdict instanceof Verdict.Discard discard) {
        discarded(mail, draft, "discarded by a filter: " + discard.reason());
      } else if (filtered.envelope().recipients().isEmpty()) {
        discarded(mail, draft, "filters removed every recipient");
      } else {
        commit(mail, queue, draft, filtered);
      }
    } catch (QueueException e) {
      fail(mail, e);
    }
  }

  private void commit(
      MailTransaction mail, MailQueue queue, Draft draft, FilterPass.Filtered filtered)
      throws IOException {
    if (filtered.replacement().isEmpty()) {
      commit(mail, draft, filtered);
    } else {
      try (Draft edited = queue.open(Origin.NETWORK)) {
        copy(filtered.replacement().get(), edited);
        commit(mail, edited, filtered);
      }
    }
  }

  private void commit(MailTransaction mail, Draft draft, FilterPass.Filtered filtered)
      throws IOException {
    var type = MailEvent.Type.ACCEPTED;
    String reason = "";
    if (filtered.verdict() instanceof Verdict.Quarantine quarantine) {
      LOG.warn("{}: message held by a filter: {}", session.id(), quarantine.reason());
      draft.hold(quarantine.reason());
      type = MailEvent.Type.QUARANTINED;
      reason = quarantine.reason();
    }
    QueueId id = draft.commit(filtered.envelope());
    tell(type, Optional.of(id), mail, reason);
    accepted(draft);
  }

  private static void copy(MessageSource message, Draft into) throws QueueException {
    try (InputStream in = message.open()) {
      in.transferTo(into.body());
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(ExitCode.READ, "the changed message cannot be read", e);
    }
  }

  private void discarded(MailTransaction mail, Draft draft, String why) throws IOException {
    LOG.warn("{}: message {}", session.id(), why);
    tell(MailEvent.Type.DISCARDED, Optional.empty(), mail, why);
    accepted(draft);
  }

  private void accepted(Draft draft) throws IOException {
    out.line("250 ok " + services.clock().instant().getEpochSecond() + " qp " + draft.process());
  }

  private void fail(MailTransaction mail, QueueException why) throws IOException {
    LOG.warn("{}: not queued: {}", session.id(), why.getMessage());
    refuse(mail, QueueReply.of(why.exitCode(), String.valueOf(why.getMessage())));
  }

  private void refuse(MailTransaction mail, String line) throws IOException {
    out.line(line);
    tell(MailEvent.Type.REFUSED, Optional.empty(), mail, line);
  }

  private void refuse(MailTransaction mail, Reply reply) throws IOException {
    out.reply(reply);
    tell(MailEvent.Type.REFUSED, Optional.empty(), mail, reply.toString());
  }

  private void tell(MailEvent.Type type, Optional<QueueId> id, MailTransaction mail, String what) {
    services.tell(
        type,
        id,
        () -> {
          var text = new StringBuilder(session.id()).append(": from <");
          text.append(mail.sender().address()).append("> to");
          mail.recipients().forEach(r -> text.append(" <").append(r.address()).append('>'));
          return what.isEmpty() ? text.toString() : text + ": " + what;
        });
  }
}
