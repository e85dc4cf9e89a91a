package org.sluice.queue.internal;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueRecord;
import org.sluice.base.QmailStart;

/** The log lines of qmail-send (spec 10 section 9), on a logger of their own. */
final class DeliveryLog {
  private final Consumer<String> lines;

  /**
   * To the logger {@code qmail-send}, several lines in one event; without times to descriptor 0 if
   * qmail-start has started this process.
   */
  static DeliveryLog open(Clock clock) {
    return new DeliveryLog(
        QmailStart.started()
            ? new LogLines(new LogDescriptor(), Optional.empty())
            : new LogLines(LoggerFactory.getLogger("qmail-send")::info, Optional.of(clock)));
  }

  /** For tests: lines go there. */
  DeliveryLog(Consumer<String> lines) {
    this.lines = lines;
  }

  void accepted(QueueId id, QueueRecord entry, long size) {
    lines.accept("new msg " + id);
    lines.accept(
        "info msg "
            + id
            + ": bytes "
            + size
            + " from <"
            + safe(entry.sender().address())
            + "> qp "
            + entry.process()
            + " uid "
            + entry.uid());
  }

  void starting(long delivery, QueueId id, Channel channel, String recipient) {
    String name = channel == Channel.LOCAL ? "local " : "remote ";
    lines.accept("starting delivery " + delivery + ": msg " + id + " to " + name + safe(recipient));
  }

  void report(long delivery, String outcome, String text) {
    lines.accept("delivery " + delivery + ": " + outcome + ": " + safe(text));
  }

  void mangled(long delivery) {
    lines.accept("delivery " + delivery + ": report mangled, will defer");
  }

  void status(Slots local, Slots remote, boolean exiting) {
    lines.accept("status: local " + local + " remote " + remote + (exiting ? " exitasap" : ""));
  }

  void bounce(QueueId id, long process) {
    lines.accept("bounce msg " + id + " qp " + process);
  }

  /** Not qmail's: it tells of no success. */
  void notice(QueueId id, long process) {
    lines.accept("notice msg " + id + " qp " + process);
  }

  void tripleBounce(QueueId id) {
    lines.accept("triple bounce: discarding bounce/" + id);
  }

  void bounceTrouble() {
    lines.accept("warning: trouble injecting bounce message, will try later");
  }

  void unableToReread(String name) {
    lines.accept("alert: unable to reread control/" + name);
  }

  void end(QueueId id) {
    lines.accept("end msg " + id);
  }

  /** The end; returns when all lines are written, since the logger may be the next to end. */
  void exiting() {
    lines.accept("status: exiting");
    if (lines instanceof LogLines gathering) {
      gathering.flush();
    }
  }

  /** Writes what has gathered; nothing may be logged after it. */
  void close() {
    if (lines instanceof LogLines gathering) {
      gathering.close();
    }
  }

  private static String safe(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (unsafe(text.charAt(i))) {
        return replace(text);
      }
    }
    return text;
  }

  private static String replace(String text) {
    var safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(c == '\n' ? '/' : unsafe(c) ? '_' : c);
    }
    return safe.toString();
  }

  private static boolean unsafe(char c) {
    return c < 33 || c > 126 || c == '%';
  }
}
