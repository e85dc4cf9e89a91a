package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.RecipientOutcome;

/** Runs one delivery and tells its pass what became of it (spec 10 sections 7.1 and 7.4). */
final class Attempts {
  private static final String TOO_OLD =
      "I'm not going to try again; this message has been in the queue too long.\n";

  /** The end of what is told of a recipient that is given up at its deadline. */
  static final String EXPIRED =
      "I'm not going to try again; the time to deliver this message by has passed. (#5.4.7)\n";

  private final QueueService queue;
  private final Transports transports;
  private final Flush flush;
  private final Patience patience = new Patience();
  private final AtomicLong deliveries = new AtomicLong();

  Attempts(QueueService queue, Transports transports, Flush flush) {
    this.queue = queue;
    this.transports = transports;
    this.flush = flush;
  }

  /** A delivery that was announced has not begun, since there is no thread for it. */
  void unstarted(long delivery) {
    queue.log().report(delivery, "deferral", "qmail-spawn unable to fork. (#4.3.0)\n");
  }

  /** The number of the next delivery. */
  long number() {
    return deliveries.incrementAndGet();
  }

  /** A delivery is about to start. */
  void announce(Pass pass, LeasedRecipient recipient, long delivery) {
    var lease = pass.lease();
    queue.log().starting(delivery, lease.id(), lease.channel(), recipient.address());
  }

  /**
   * Runs it. Whatever is thrown, by transport, log or observers, the pass is told exactly once what
   * became of the recipient, and nothing is thrown on.
   */
  void run(Pass pass, LeasedRecipient recipient, long delivery) {
    boolean recorded = false;
    try {
      Conclusion conclusion = conclude(pass, recipient, delivery);
      // The line comes before the one that the message has ended, observers after what counts.
      Quietly.run(() -> queue.log().report(delivery, conclusion.word(), conclusion.text()));
      if (conclusion.outcome().isPresent()) {
        pass.finished(conclusion.outcome().get());
      } else {
        pass.reschedule(usual -> queue.schedule(pass.lease(), usual));
        if (Deadline.late(pass.lease(), recipient, queue.now())) {
          pass.late(Telling.delayed(recipient, conclusion.text()), conclusion.retryAt());
        } else {
          pass.deferred(conclusion.retryAt());
        }
      }
      recorded = true;
      Quietly.run(() -> tell(conclusion, pass, recipient));
    } catch (Throwable e) { // a transport that broke its contract, or no memory
      Quietly.warn("delivery " + delivery + ": no result", e);
    } finally {
      if (!recorded) { // by the schedule, or it is asked in a loop
        Quietly.run(() -> queue.log().mangled(delivery));
        pass.deferred(Optional.empty());
      }
    }
  }

  /**
   * What became of a recipient.
   *
   * @param type for observers
   * @param word for the log
   * @param text the report
   * @param outcome if it is for good
   * @param retryAt if it is not: when, unless by the schedule
   */
  private record Conclusion(
      MailEvent.Type type,
      String word,
      String text,
      Optional<RecipientOutcome> outcome,
      Optional<Instant> retryAt) {
    static Conclusion deferral(String text, Optional<Instant> retryAt) {
      return new Conclusion(MailEvent.Type.DEFERRED, "deferral", text, Optional.empty(), retryAt);
    }
  }

  private Conclusion conclude(Pass pass, LeasedRecipient recipient, long delivery) {
    var lease = pass.lease();
    if (Deadline.expired(lease, queue.now())) {
      patience.forget(lease.id(), recipient);
      return failure(recipient, EXPIRED);
    }
    Optional<Transports.Entry> entry = transports.enter(lease.channel(), pass.store());
    if (entry.isEmpty()) {
      return again("transport gone, will be tried again\n");
    }
    DeliveryResult result;
    try {
      var sender = new ReversePath(sender(lease.sender().address(), recipient.address()));
      var message = pass.store().message(lease.id());
      var forwards = MessageOptions.NONE.withRequireTls(lease.options().requireTls());
      result =
          entry
              .get()
              .transport()
              .deliver(
                  new Attempt(
                      lease.id(),
                      sender,
                      recipient.address(),
                      message,
                      queue.own(forwards),
                      lease.options(),
                      recipient.options()));
    } catch (InterruptedException e) {
      return again("delivery interrupted, will be tried again\n");
    } catch (Throwable e) { // errors as well: a deep .qmail file, a class that is gone, no memory
      Quietly.warn("delivery " + delivery + ": failed", e);
      result = new DeliveryResult.TempFail(crashed(lease.channel()));
    } finally {
      transports.leave(entry.get());
      Thread.interrupted(); // an interrupt meant the transport, not this thread's next delivery
    }
    return conclude(pass, recipient, result);
  }

  /** The transport was taken away: due at once, and however old, that is no reason to give up. */
  private Conclusion again(String why) {
    return Conclusion.deferral(why, Optional.of(queue.now()));
  }

  private static String crashed(Channel channel) {
    return channel == Channel.LOCAL ? "qmail-local crashed.\n" : "qmail-remote crashed.\n";
  }

  private Conclusion conclude(Pass pass, LeasedRecipient recipient, DeliveryResult result) {
    if (!(result instanceof DeliveryResult.TempFail)) {
      patience.forget(pass.lease().id(), recipient);
    }
    if (result instanceof DeliveryResult.Delivered delivered) {
      return success(pass, recipient, result, text(delivered.detail()));
    } else if (result instanceof DeliveryResult.DeliveredStop stop) {
      return success(pass, recipient, result, text(stop.detail()));
    } else if (result instanceof DeliveryResult.PermFail failure) {
      return failure(recipient, text(failure.why()));
    } else if (result instanceof DeliveryResult.TempFail deferral) {
      String why = text(deferral.why());
      if (Deadline.expired(pass.lease(), queue.now())) {
        patience.forget(pass.lease().id(), recipient);
        return failure(recipient, why + EXPIRED);
      }
      return pass.dying() && !spared(pass, recipient, deferral)
          ? failure(recipient, why + TOO_OLD)
          : Conclusion.deferral(why, deferral.retryAfter().map(wait -> soon(pass, wait)));
    }
    throw new IllegalStateException("the transport gave no result");
  }

  /** A report that a careless transport has left out is an empty one: the result still counts. */
  private static String text(String report) {
    return report == null ? "" : report;
  }

  /**
   * Whether a deferral says nothing about the recipient: what it needs was not there at that
   * moment, or the store is being replaced, so that forwards cannot be handed in. Age makes no
   * failure of that, or mail would bounce after a long outage before the agents are there; unless
   * it goes on for longer than anything that passes.
   */
  private boolean spared(Pass pass, LeasedRecipient recipient, DeliveryResult.TempFail deferral) {
    if (pass.store() != queue.store()) {
      return true;
    }
    QueueId id = pass.lease().id();
    if (deferral.retryAfter().isPresent() && !patience.ends(id, recipient, queue.now())) {
      return true;
    }
    patience.forget(id, recipient);
    return false;
  }

  /** What passes soon passes late at times: the longer a message waits, the longer it waits on. */
  private Instant soon(Pass pass, Duration wait) {
    Instant now = queue.now();
    if (pass.lease().channel() == Channel.LOCAL) {
      flush.hasty();
    }
    Duration half = Duration.between(pass.lease().birth(), now).dividedBy(2);
    return now.plus(wait.compareTo(half) > 0 ? wait : half);
  }

  private Conclusion success(
      Pass pass, LeasedRecipient recipient, DeliveryResult result, String text) {
    var outcome = Optional.of(Telling.success(pass.lease(), recipient, result, text, queue.now()));
    return new Conclusion(MailEvent.Type.DELIVERED, "success", text, outcome, Optional.empty());
  }

  private static Conclusion failure(LeasedRecipient recipient, String text) {
    var outcome = Optional.of(RecipientOutcome.failed(recipient.index(), text));
    return new Conclusion(MailEvent.Type.BOUNCED, "failure", text, outcome, Optional.empty());
  }

  private void tell(Conclusion conclusion, Pass pass, LeasedRecipient recipient) {
    queue.tell(
        conclusion.type(),
        pass.lease().id(),
        () -> "<" + recipient.address() + ">: " + conclusion.text());
  }

  /** Variable envelope return paths (spec 10 section 5.4). */
  static String sender(String sender, String recipient) {
    if (!sender.endsWith("-@[]")) {
      return sender;
    }
    String path = sender.substring(0, sender.length() - 4);
    int at = path.lastIndexOf('@');
    int to = recipient.lastIndexOf('@');
    return at < 0 || to < 0
        ? sender
        : path.substring(0, at)
            + recipient.substring(0, to)
            + "="
            + recipient.substring(to + 1)
            + path.substring(at);
  }
}
