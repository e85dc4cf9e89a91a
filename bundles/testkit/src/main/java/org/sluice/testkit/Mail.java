package org.sluice.testkit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.QueuedRecipient;

/** Messages for tests of queue stores. */
public final class Mail {
  /** Later than any test: when what it puts off is due, and before which all is leased. */
  public static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

  private Mail() {}

  /** To recipients of the local channel. */
  public static QueueRecord to(String... addresses) {
    return to(Channel.LOCAL, addresses);
  }

  /** From s@x to recipients of one channel, not held, born at the beginning of 2026. */
  public static QueueRecord to(Channel channel, String... addresses) {
    var list = Arrays.stream(addresses).map(a -> new QueuedRecipient(channel, a)).toList();
    return new QueueRecord(
        new ReversePath("s@x"), list, 7, 8, Instant.parse("2026-01-01T00:00:00.5Z"), false);
  }

  /** To a here, b elsewhere and c here, who asks for nothing. */
  public static QueueRecord asked() {
    var all = new RecipientOptions(EnumSet.range(Notify.SUCCESS, Notify.DELAY), Optional.empty());
    var never = new RecipientOptions(Set.of(Notify.NEVER), Optional.of("rfc822;b+2Bx@c"));
    return new QueueRecord(
        new ReversePath("s@x"),
        List.of(
            new QueuedRecipient(Channel.LOCAL, "a", all),
            new QueuedRecipient(Channel.REMOTE, "b", never),
            new QueuedRecipient(Channel.LOCAL, "c")),
        7,
        8,
        Instant.EPOCH,
        false,
        new MessageOptions(Optional.of(ReturnContent.HDRS), Optional.of("QQ314"), true));
  }

  /** To a elsewhere, who asks for nothing. */
  public static QueueRecord asked(MessageOptions options) {
    return asked(options, new QueuedRecipient(Channel.REMOTE, "a"));
  }

  /** To one recipient. */
  public static QueueRecord asked(MessageOptions options, QueuedRecipient recipient) {
    var list = List.of(recipient);
    return new QueueRecord(new ReversePath("s@x"), list, 7, 8, Instant.EPOCH, false, options);
  }

  /** So many octets, other ones for each seed. */
  public static byte[] body(int seed, int size) {
    byte[] body = new byte[size];
    for (int i = 0; i < size; i++) {
      body[i] = (byte) (seed * 31 + i);
    }
    return body;
  }

  /** Stages and commits a message. */
  public static QueueId commit(QueueStore store, byte[] body, QueueRecord record)
      throws IOException {
    try (var stage = store.stage()) {
      stage.stream().write(body);
      return store.commit(stage, record);
    }
  }

  /** Leases for a minute all that a channel has, up to 1000, whenever it is due. */
  public static List<Lease> lease(QueueStore store, Channel channel) throws IOException {
    return store.lease(new LeaseRequest(channel, FAR, 1000, Duration.ofMinutes(1)));
  }

  /** The body of a queued message. */
  public static byte[] read(QueueStore store, QueueId id) throws IOException {
    try (var in = store.message(id).open()) {
      return in.readAllBytes();
    }
  }
}
