package org.sluice.admin.qread.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.base.MailDate;
import org.sluice.base.PrintableText;
import org.sluice.base.SystemError;

/** The lines of qmail-qread (spec 10 section 15). Used by one thread. */
final class Listing implements AutoCloseable {
  private static final int BUFFER = 16_384;

  private final OutputStream out;

  Listing(OutputStream to) {
    out = new BufferedOutputStream(to, BUFFER);
  }

  /** A line cannot be written, in the midst of a call that throws no IOException. */
  static final class Unwritten extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwritten(IOException cause) {
      super(cause);
    }
  }

  /** One line; LF is added. */
  void print(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A message that is there and cannot be listed. */
  void trouble(QueueId id, IOException cause) {
    try {
      print("warning: trouble with #" + id + ": " + SystemError.text(cause));
    } catch (IOException e) {
      throw new Unwritten(e);
    }
  }

  /** A message and its recipients. */
  void print(QueueEntry entry) throws IOException {
    String sender = PrintableText.of(entry.record().sender().address(), '_');
    String born = MailDate.utc(entry.record().birth());
    String bouncing = bounces(entry) ? " bouncing" : "";
    print(born + " GMT  #" + entry.id() + "  " + entry.size() + "  <" + sender + "> " + bouncing);
    print(entry, Channel.LOCAL, "local");
    print(entry, Channel.REMOTE, "remote");
  }

  /** Whether a bounce is noted: what qmail has a file for. */
  private static boolean bounces(QueueEntry entry) {
    List<QueuedRecipient> recipients = entry.record().recipients();
    for (int i = 0; i < recipients.size(); i++) {
      if (entry.failed().get(i) && recipients.get(i).options().tellsFailure()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The recipients of a channel, unless all are done: qmail has removed the channel's file then.
   */
  private void print(QueueEntry entry, Channel channel, String name) throws IOException {
    List<QueuedRecipient> recipients = entry.record().recipients();
    boolean over = true;
    for (int i = 0; i < recipients.size() && over; i++) {
      over = recipients.get(i).channel() != channel || entry.finished().get(i);
    }
    for (int i = 0; i < recipients.size() && !over; i++) {
      if (recipients.get(i).channel() == channel) {
        String done = entry.finished().get(i) ? "  done" : "";
        print(done + "\t" + name + "\t" + PrintableText.of(recipients.get(i).address(), '_'));
      }
    }
  }

  /** Writes what is in the buffer. */
  @Override
  public void close() throws IOException {
    out.flush();
  }
}
