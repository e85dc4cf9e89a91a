package org.sluice.api.delivery;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Attempts queued recipients of one channel: local delivery (the job of qmail-lspawn) or an SMTP
 * client (of qmail-rspawn). A service with the property {@value #CHANNEL}. Called on a thread of
 * the queue's own, as many calls at once as the channel's concurrency allows. A throw counts as a
 * temporary failure; an interrupt means shut-down or removal: return soon.
 */
@ConsumerType
@FunctionalInterface
public interface Transport {
  /** Service property: {@code local} or {@code remote}. */
  String CHANNEL = "sluice.channel";

  /** What a transport knows of a recipient without a message. */
  enum Mailbox {
    /** Nothing stands against an attempt. */
    THERE,
    /** There is no such mailbox: an attempt would fail for good. */
    MISSING,
    /** That can be told by an attempt only, or not now. */
    UNKNOWN
  }

  /** One attempt. */
  DeliveryResult deliver(Attempt attempt) throws IOException, InterruptedException;

  /**
   * Whether there is such a mailbox, for whoever wants to refuse mail that would bounce. By the
   * rules of {@link #deliver} and with no effects. Called on any thread, many calls at once; a
   * throw counts as {@link Mailbox#UNKNOWN}, an interrupt means that nobody waits any more.
   *
   * @param recipient as queued, ISO-8859-1
   */
  default Mailbox find(String recipient) throws IOException, InterruptedException {
    return Mailbox.UNKNOWN;
  }
}
