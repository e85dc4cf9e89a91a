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
    var action = ReportedAction.values()[head.get()];
    byte[] text = failure.segment.read(failure.offset + 4L, head.getInt());
    String report = new String(text, StandardCharsets.ISO_8859_1);
    return new RecipientOutcome(failure.recipient, action, report);
  }
}
