package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;

/**
 * The head of a MESSAGE record's payload; an inline body follows it.
 *
 * @param id the message number
 * @param size octets of the body
 * @param file number of the body's own file, or 0 if the body is inline
 * @param record what was queued
 */
record Envelope(long id, long size, long file, QueueRecord record) {
  /** Encodes with room for an inline body behind. */
  byte[] encode(byte[] body, int length) {
    byte[] sender = record.sender().address().getBytes(StandardCharsets.ISO_8859_1);
    byte[] options = Options.encode(record);
    int octets = 4 + 24 + 12 + 12 + 1 + 4 + sender.length + 4 + options.length;
    for (QueuedRecipient recipient : record.recipients()) {
      octets += 5 + recipient.address().length();
    }
    var out = ByteBuffer.allocate(octets + length);
    out.putInt(octets).putLong(id).putLong(size).putLong(file);
    out.putLong(record.birth().getEpochSecond()).putInt(record.birth().getNano());
    out.putInt(record.uid()).putLong(record.process()).put((byte) (record.hold() ? 1 : 0));
    out.putInt(sender.length).put(sender).putInt(record.recipients().size());
    for (QueuedRecipient recipient : record.recipients()) {
      byte[] address = recipient.address().getBytes(StandardCharsets.ISO_8859_1);
      out.put((byte) recipient.channel().ordinal()).putInt(address.length).put(address);
    }
    return out.put(options).put(body, 0, length).array();
  }

  /** Octets of the envelope that begins here. */
  static int length(byte[] payload) {
    return ByteBuffer.wrap(payload).getInt();
  }

  /** Octets of the envelope that begins here and of the inline body behind it. */
  static int messageLength(byte[] payload) {
    var in = ByteBuffer.wrap(payload);
    int envelope = in.getInt();
    in.getLong();
    long size = in.getLong();
    long file = in.getLong();
    return envelope + (file == 0 ? (int) size : 0);
  }

  static Envelope decode(byte[] payload) {
    var in = ByteBuffer.wrap(payload);
    int end = in.getInt();
    long id = in.getLong();
    long size = in.getLong();
    long file = in.getLong();
    var birth = Instant.ofEpochSecond(in.getLong(), in.getInt());
    int uid = in.getInt();
    long process = in.getLong();
    boolean hold = in.get() != 0;
    var sender = new ReversePath(text(in));
    int count = in.getInt();
    var recipients = new ArrayList<QueuedRecipient>();
    for (int i = 0; i < count; i++) {
      var channel = Channel.values()[in.get()];
      recipients.add(new QueuedRecipient(channel, text(in)));
    }
    Options options = Options.decode(in, end);
    options
        .recipients()
        .forEach((i, asked) -> recipients.set(i, recipients.get(i).withOptions(asked)));
    var record = new QueueRecord(sender, recipients, uid, process, birth, hold, options.message());
    return new Envelope(id, size, file, record);
  }

  /** A length and so many octets, which is no reason to take memory that damage asks for. */
  static byte[] octets(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalStateException("a length in the log is out of bounds: " + length);
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return octets;
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = octets(in);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
