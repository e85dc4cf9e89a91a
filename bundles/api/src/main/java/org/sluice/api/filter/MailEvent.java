package org.sluice.api.filter;

import java.time.Instant;
import java.util.Optional;
import org.sluice.api.mail.QueueId;

/**
 * Something that happened to mail.
 *
 * @param type what
 * @param at when
 * @param id the message, if it is queued
 * @param detail envelope or report, for people
 */
public record MailEvent(Type type, Instant at, Optional<QueueId> id, String detail) {
  /** The kinds of event. */
  public enum Type {
    /** Accepted by a listener. Told after the commit: a delivery may have been told of before. */
    ACCEPTED,
    /** Refused by a listener or filter. */
    REFUSED,
    /** Dropped on a filter's word. */
    DISCARDED,
    /** Held on a filter's word. */
    QUARANTINED,
    /** A recipient was served. */
    DELIVERED,
    /** A recipient is tried again later. */
    DEFERRED,
    /** A recipient failed. */
    BOUNCED
  }
}
