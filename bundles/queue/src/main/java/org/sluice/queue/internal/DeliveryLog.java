package org.sluice.queue.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueRecord;

/** The log lines of qmail-send (spec 10 section 9), on a logger of their own. */
final class DeliveryLog {
  private static final Logger LOG = LoggerFactory.getLogger("qmail-send");

  void accepted(QueueId id, QueueRecord entry, long size) {
    LOG.info("new msg {}", id);
    LOG.info(
        "info msg {}: bytes {} from <{}> qp {} uid {}",
        id,
        size,
        safe(entry.sender().address()),
        entry.process(),
        entry.uid());
  }

  void starting(long delivery, QueueId id, Channel channel, String recipient) {
    LOG.info(
        "starting delivery {}: msg {} to {} {}",
        delivery,
        id,
        channel == Channel.LOCAL ? "local" : "remote",
        safe(recipient));
  }

  void report(long delivery, String outcome, String text) {
    LOG.info("delivery {}: {}: {}", delivery, outcome, safe(text));
  }

  void status(Slots local, Slots remote, boolean exiting) {
    LOG.info(
        "status: local {}/{} remote {}/{}{}",
        local.busy(),
        local.limit(),
        remote.busy(),
        remote.limit(),
        exiting ? " exitasap" : "");
  }

  void bounce(QueueId id, long process) {
    LOG.info("bounce msg {} qp {}", id, process);
  }

  void tripleBounce(QueueId id) {
    LOG.info("triple bounce: discarding bounce/{}", id);
  }

  void bounceTrouble(Exception why) {
    LOG.info("warning: trouble injecting bounce message, will try later");
    LoggerFactory.getLogger(DeliveryLog.class).warn("bounce not queued", why);
  }

  void end(QueueId id) {
    LOG.info("end msg {}", id);
  }

  void exiting() {
    LOG.info("status: exiting");
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
