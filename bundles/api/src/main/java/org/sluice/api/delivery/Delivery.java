package org.sluice.api.delivery;

import java.io.OutputStream;
import java.util.Map;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/**
 * One instruction of one local delivery (spec 40 sections 6 to 11).
 *
 * @param instruction a path for maildir and mbox, a command for command, addresses joined by LF for
 *     forward, the argument for an agent of its own; ISO-8859-1
 * @param user whose delivery it is; relative paths are taken from the home
 * @param sender the reverse-path, as changed by owner files (spec 40 section 7.4)
 * @param recipient the address that Delivered-To names
 * @param returnPath the line {@code Return-Path: <...>}, LF included
 * @param deliveredTo the line {@code Delivered-To: ...}, LF included
 * @param fromLine the mbox line {@code From ...}, LF included
 * @param environment all that commands get (spec 40 section 8), ISO-8859-1
 * @param message the bytes as queued
 * @param queue where forwards go
 * @param out descriptor 1: the report, as far as it has room, or the caller of qmail-local; what an
 *     agent returns as text is printed here, or on {@code err} if it failed. Not for use after the
 *     return.
 * @param err descriptor 2; the same stream as {@code out} if both go to one place
 */
public record Delivery(
    String instruction,
    LocalUser user,
    ReversePath sender,
    String recipient,
    String returnPath,
    String deliveredTo,
    String fromLine,
    Map<String, String> environment,
    MessageSource message,
    MailQueue queue,
    OutputStream out,
    OutputStream err) {
  /** Copies the map. */
  public Delivery {
    environment = Map.copyOf(environment);
  }

  /** The same delivery with another instruction. */
  public Delivery with(String other) {
    return new Delivery(
        other,
        user,
        sender,
        recipient,
        returnPath,
        deliveredTo,
        fromLine,
        environment,
        message,
        queue,
        out,
        err);
  }
}
