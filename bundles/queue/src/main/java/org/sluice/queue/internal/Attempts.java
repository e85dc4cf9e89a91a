package org.sluice.queue.internal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.RecipientOutcome;

/** Runs one delivery and tells its pass what became of it (spec 10 sections 7.1 and 7.4). */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final String TOO_OLD =
      "I'm not going to try again; this message has been in the queue too long.\n";

  private final QueueService queue;
  private final Transports transports;
  private final Flush flush;
  private final AtomicLong deliveries = new AtomicLong();

  Attempts(QueueService queue, Transports transports, Flush flush) {
    this.queue = queue;
    this.transports = transports;
    this.flush = flush;
  }

  /** Numbers a delivery that is about to start. */
  long announce(Pass pass, LeasedRecipient recipient) {
    long delivery = deliveries.incrementAndGet();
    var lease = pass.lease();
    queue.log().starting(delivery, lease.id(), lease.channel(), recipient.address());
    return delivery;
  }

  void run(Pass pass, LeasedRecipient recipient, long delivery) {
    var lease = pass.lease();
    Optional<Transports.Entry> entry = transports.enter(lease.channel());
    if (entry.isEmpty()) {
      again(pass, recipient, delivery, "transport gone, will be tried again\n");
      return;
    }
    DeliveryResult result;
    try {
      var sender = new ReversePath(sender(lease.sender().address(), recipient.address()));
      var message = pass.store().message(lease.id());
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
                      queue,
                      lease.options(),
                      recipient.options()));
    } catch (InterruptedException e) {
      again(pass, recipient, delivery, "delivery interrupted, will be tried again\n");
      return;
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.warn("delivery {}: failed", delivery, e);
      result = new DeliveryResult.TempFail(crashed(lease.channel()));
    } finally {
      transports.leave(entry.get());
      Thread.interrupted(); // an interrupt meant the transport, not this thread's next delivery
    }
    report(pass, recipient, delivery, result);
  }

  /** The transport was taken away: due at once, and however old, that is no reason to give up. */
  private void again(Pass pass, LeasedRecipient recipient, long delivery, String why) {
    queue.log().report(delivery, "deferral", why);
    tell(MailEvent.Type.DEFERRED, pass, recipient, why);
    pass.deferred(Optional.of(queue.now()));
  }

  private static String crashed(Channel channel) {
    return channel == Channel.LOCAL ? "qmail-local crashed.\n" : "qmail-remote crashed.\n";
  }

  private void report(Pass pass, LeasedRecipient recipient, long delivery, DeliveryResult result) {
    if (result instanceof DeliveryResult.Delivered delivered) {
      success(pass, recipient, delivery, result, delivered.detail());
    } else if (result instanceof DeliveryResult.DeliveredStop stop) {
      success(pass, recipient, delivery, result, stop.detail());
    } else if (result instanceof DeliveryResult.PermFail failure) {
      failure(pass, recipient, delivery, failure.why());
    } else if (result instanceof DeliveryResult.TempFail deferral) {
      if (pass.dying()) {
        failure(pass, recipient, delivery, deferral.why() + TOO_OLD);
      } else {
        queue.log().report(delivery, "deferral", deferral.why());
        tell(MailEvent.Type.DEFERRED, pass, recipient, deferral.why());
        pass.deferred(deferral.retryAfter().map(wait -> soon(pass, wait)));
      }
    } else { // a transport that broke its contract: by the schedule, or it is asked in a loop
      queue.log().mangled(delivery);
      pass.deferred(Optional.empty());
    }
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

  private void success(
      Pass pass, LeasedRecipient recipient, long delivery, DeliveryResult result, String text) {
    queue.log().report(delivery, "success", text);
    tell(MailEvent.Type.DELIVERED, pass, recipient, text);
    pass.finished(Telling.success(pass.lease(), recipient, result, text));
  }

  private void failure(Pass pass, LeasedRecipient recipient, long delivery, String text) {
    queue.log().report(delivery, "failure", text);
    tell(MailEvent.Type.BOUNCED, pass, recipient, text);
    pass.finished(RecipientOutcome.failed(recipient.index(), text));
  }

  private void tell(MailEvent.Type type, Pass pass, LeasedRecipient recipient, String text) {
    queue.tell(type, pass.lease().id(), () -> "<" + recipient.address() + ">: " + text);
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
