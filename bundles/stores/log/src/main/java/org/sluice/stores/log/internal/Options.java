package org.sluice.stores.log.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;

/**
 * What was asked, as the last section of an {@link Envelope}; there is none if nothing was. A byte
 * for RET (0 none, 1 FULL, 2 HDRS), one with bits for SMTPUTF8 (1) and, never set in older records,
 * BODY=8BITMIME (2), REQUIRETLS (4) and BY (8, with 16 for by-mode R and 32 for its T), ENVID as
 * text, if BY is set its deadline in seconds since 1970 (8 bytes), then for each recipient that
 * something was asked for its index (4 bytes), a byte with a bit for each word of NOTIFY in the
 * order of {@link Notify}, and ORCPT as text. A text is its length in two bytes, 0 if there is
 * none, and its octets.
 *
 * @param message for the message
 * @param recipients by their index
 */
record Options(MessageOptions message, Map<Integer, RecipientOptions> recipients) {
  private static final int UTF8 = 1;
  private static final int EIGHT_BIT = 2;
  private static final int REQUIRE_TLS = 4;
  private static final int BY = 8;
  private static final int BY_RETURN = 16;
  private static final int BY_TRACE = 32;
  private static final byte[] EMPTY = {};
  private static final Options NONE = new Options(MessageOptions.NONE, Map.of());

  /** The section of a record. */
  static byte[] encode(QueueRecord record) {
    MessageOptions message = record.options();
    List<QueuedRecipient> list = record.recipients();
    if (!message.asked()
        && !message.eightBit()
        && list.stream().noneMatch(r -> r.options().asked())) {
      return EMPTY;
    }
    var out = new ByteArrayOutputStream();
    out.write(message.returnContent().map(content -> content.ordinal() + 1).orElse(0));
    out.write(flags(message));
    text(out, message.envelopeId());
    message
        .deliverBy()
        .map(by -> ByteBuffer.allocate(8).putLong(by.deadline().getEpochSecond()).array())
        .ifPresent(out::writeBytes);
    for (int i = 0; i < list.size(); i++) {
      RecipientOptions options = list.get(i).options();
      if (options.asked()) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(i).array());
        out.write(options.notifyOn().stream().mapToInt(word -> 1 << word.ordinal()).sum());
        text(out, options.originalRecipient());
      }
    }
    return out.toByteArray();
  }

  private static int flags(MessageOptions message) {
    return (message.smtpUtf8() ? UTF8 : 0)
        | (message.eightBit() ? EIGHT_BIT : 0)
        | (message.requireTls() ? REQUIRE_TLS : 0)
        | message.deliverBy().map(Options::flags).orElse(0);
  }

  private static int flags(DeliverBy by) {
    return BY | (by.mode() == DeliverBy.Mode.RETURN ? BY_RETURN : 0) | (by.trace() ? BY_TRACE : 0);
  }

  private static void text(ByteArrayOutputStream out, Optional<String> text) {
    byte[] bytes = text.orElse("").getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > 0xffff) {
      throw new IllegalArgumentException("too long to be queued: " + bytes.length);
    }
    out.write(bytes.length >> 8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  /** What lies between the position and the end of the envelope. */
  static Options decode(ByteBuffer in, int end) {
    if (in.position() >= end) {
      return NONE;
    }
    int content = in.get();
    int flags = in.get();
    Optional<ReturnContent> wanted =
        content == 0 ? Optional.empty() : Optional.of(ReturnContent.values()[content - 1]);
    Optional<String> id = text(in);
    Optional<DeliverBy> by =
        (flags & BY) == 0
            ? Optional.empty()
            : Optional.of(
                new DeliverBy(
                    Instant.ofEpochSecond(in.getLong()),
                    (flags & BY_RETURN) != 0 ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY,
                    (flags & BY_TRACE) != 0));
    var message =
        new MessageOptions(
            wanted,
            id,
            (flags & UTF8) != 0,
            (flags & EIGHT_BIT) != 0,
            (flags & REQUIRE_TLS) != 0,
            by);
    var recipients = new HashMap<Integer, RecipientOptions>();
    while (in.position() < end) {
      int index = in.getInt();
      Set<Notify> notify = EnumSet.noneOf(Notify.class);
      int bits = in.get();
      for (Notify word : Notify.values()) {
        if ((bits & 1 << word.ordinal()) != 0) {
          notify.add(word);
        }
      }
      recipients.put(index, new RecipientOptions(notify, text(in)));
    }
    return new Options(message, recipients);
  }

  private static Optional<String> text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
