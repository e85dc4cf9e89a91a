package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/** Reads reports where OUTCOME records have them. */
final class Reports {
  private Reports() {}

  /** The outcome as it was written: the action is in the octet before the report. */
  static RecipientOutcome read(Entry.Failure failure) throws IOException {
    var head = ByteBuffer.wrap(failure.segment.read(failure.offset - 1L, 5));
    int action = head.get();
    int length = head.getInt();
    if (action < 0
        || action >= ReportedAction.values().length
        || length < 0
        || failure.offset + 4L + length > failure.segment.end) {
      throw new IOException(failure.segment.name + ": a report is damaged");
    }
    byte[] text = failure.segment.read(failure.offset + 4L, length);
    String report = new String(text, StandardCharsets.ISO_8859_1);
    return new RecipientOutcome(failure.recipient, ReportedAction.values()[action], report);
  }
}
