package org.sluice.api.delivery;

import java.util.Map;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/**
 * One instruction of one local delivery (spec 40 sections 6 to 11).
 *
 * @param instruction a path for maildir and mbox, a command for command, an address for forward;
 *     ISO-8859-1
 * @param user whose delivery it is
 * @param sender the reverse-path, as changed by owner files (spec 40 section 7.4)
 * @param recipient the address that Delivered-To names
 * @param returnPath the line {@code Return-Path: <...>}, LF included
 * @param deliveredTo the line {@code Delivered-To: ...}, LF included
 * @param fromLine the mbox line {@code From ...}, LF included
 * @param environment for commands (spec 40 section 8), ISO-8859-1
 * @param message the bytes as queued
 * @param queue where forwards go
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
    MailQueue queue) {
  /** Copies the map. */
  public Delivery {
    environment = Map.copyOf(environment);
  }
}
