package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.Session;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Reply;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.PrintableText;
import org.sluice.base.QueueStatus;
import org.sluice.base.Received;
import org.sluice.base.Submission;

/** One message on its way into the queue, however it comes in (spec 20 sections 7.6 to 7.9). */
final class Intake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final InstantSource clock;
  private final Session session;
  private final MailQueue queue;
  private final Draft draft;
  private final long limit;
  private final Hops hops = new Hops();
  private long size;
  private boolean failed;
  private Optional<Reply> objection = Optional.empty();
  private Optional<QueueException> trouble = Optional.empty();

  /**
   * Begins a message with the Received line.
   *
   * @param queue where it goes
   * @param with the protocol word of that line
   * @param limit octets at most, 0 for no limit
   * @throws QueueException if the queue takes no mail now
   */
  Intake(InstantSource clock, MailQueue queue, Session session, String with, long limit)
      throws IOException {
    this.clock = clock;
    this.queue = queue;
    this.session = session;
    this.limit = limit;
    this.draft = queue.open(Origin.NETWORK);
    byte[] trace = Received.line(session.environment(), session.hello(), with, clock.instant());
    write(trace, trace.length);
  }

  /**
   * Takes what has come in. Never throws because of the message or the queue: after too many hops
   * or octets or a failed write the rest is dropped.
   *
   * @param raw the client's octets, from and to
   * @param block the same decoded: lines end in LF
   */
  void take(byte[] raw, int from, int to, byte[] block, int length) throws IOException {
    hops.scan(raw, from, to);
    size += length;
    failed |= tooLong() || hops.exceeded();
    write(block, length);
  }

  private void write(byte[] block, int length) throws IOException {
    if (!failed && length > 0) {
      try {
        draft.body().write(block, 0, length);
      } catch (QueueException e) {
        failed = true;
        trouble = Optional.of(e);
      }
    }
  }

  private boolean tooLong() {
    return limit > 0 && size > limit;
  }

  /** The message has a line feed without a carriage return, and is refused. */
  void bareLf() {
    object("message has a bare line feed");
  }

  /** The message has a carriage return without a line feed, and is refused. */
  void bareCr() {
    object("message has a bare carriage return");
  }

  private void object(String why) {
    if (objection.isEmpty()) {
      objection = Optional.of(Reply.of(550, "5.5.2", why));
    }
    failed = true;
  }

  /** Whether {@link #end} will refuse it, whatever comes. */
  boolean failed() {
    return failed;
  }

  /** The message is complete: asks the filters, queues it, replies. */
  void end(FilterPass pass, MessageOptions options, Output out)
      throws IOException, InterruptedException {
    if (hops.exceeded()) {
      refuse("554 too many hops, this message is looping (#5.4.6)", pass, out);
    } else if (tooLong()) {
      refuse("552 sorry, that message size exceeds my databytes limit (#5.3.4)", pass, out);
    } else if (objection.isPresent()) {
      pass.ended(MailEvent.Type.REFUSED, Optional.empty(), objection.get().toString());
      out.reply(objection.get());
    } else if (trouble.isPresent()) {
      fail(trouble.get(), out);
    } else {
      submit(pass, options, out);
    }
  }

  private void refuse(String line, FilterPass pass, Output out) throws IOException {
    pass.ended(MailEvent.Type.REFUSED, Optional.empty(), line);
    out.line(line);
  }

  private void submit(FilterPass pass, MessageOptions options, Output out)
      throws IOException, InterruptedException {
    try {
      var outcome = Submission.finish(session.id(), pass, queue, draft, options);
      if (outcome instanceof Submission.Refused refused) {
        out.reply(refused.reply());
      } else if (outcome instanceof Submission.Accepted accepted) {
        long now = clock.instant().getEpochSecond();
        out.line("250 ok " + now + " qp " + accepted.process());
      }
    } catch (QueueException e) {
      fail(e, out);
    }
  }

  private void fail(QueueException why, Output out) throws IOException {
    QueueStatus status = QueueStatus.of(why);
    String text = PrintableText.of(status.text() + " " + why.getMessage(), ' ');
    LOG.warn("{}: not queued: {}", session.id(), text); // it may be the text of a program
    out.line((status.permanent() ? "554 " : "451 ") + status.text());
  }

  /** Drops what was not queued. */
  @Override
  public void close() {
    draft.close();
  }
}
