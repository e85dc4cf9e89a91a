package org.sluice.admin.qread.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;

/** A message in the queue; its recipients are written as qmail-qread shows them. */
final class Queued {
  private static final RecipientOptions NEVER =
      new RecipientOptions(Set.of(Notify.NEVER), Optional.empty());

  private final long id;
  private final long size;
  private final Instant birth;
  private final String sender;
  private final List<QueuedRecipient> recipients = new ArrayList<>();
  private final List<Boolean> finished = new ArrayList<>();
  private final List<Boolean> failed = new ArrayList<>();

  Queued(long id, long size, String birth, String sender) {
    this.id = id;
    this.size = size;
    this.birth = Instant.parse(birth);
    this.sender = sender;
  }

  Queued waits(String recipient) {
    return with(recipient, RecipientOptions.NONE, false, false);
  }

  Queued done(String recipient) {
    return with(recipient, RecipientOptions.NONE, true, false);
  }

  Queued failed(String recipient) {
    return with(recipient, RecipientOptions.NONE, true, true);
  }

  Queued failedSilently(String recipient) {
    return with(recipient, NEVER, true, true);
  }

  private Queued with(String recipient, RecipientOptions asked, boolean over, boolean fails) {
    int blank = recipient.indexOf(' ');
    var channel = recipient.startsWith("local ") ? Channel.LOCAL : Channel.REMOTE;
    recipients.add(new QueuedRecipient(channel, recipient.substring(blank + 1), asked));
    finished.add(over);
    failed.add(fails);
    return this;
  }

  QueueEntry entry() {
    var record = new QueueRecord(new ReversePath(sender), recipients, 7, 8, birth, false);
    return new QueueEntry(new QueueId(id), record, size, finished, Instant.EPOCH, failed);
  }
}
