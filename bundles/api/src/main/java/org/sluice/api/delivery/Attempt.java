package org.sluice.api.delivery;

import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/**
 * One attempt for one recipient.
 *
 * @param id the message
 * @param sender the reverse-path
 * @param recipient as queued, ISO-8859-1
 * @param message the bytes
 * @param queue where new mail (forwards) goes
 */
public record Attempt(
    QueueId id, ReversePath sender, String recipient, MessageSource message, MailQueue queue) {}
