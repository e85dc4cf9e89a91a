package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/**
 * The payload of an OUTCOME record; without outcomes it is a plain deferral.
 *
 * @param id the message
 * @param channel whose recipients
 * @param due when the rest is due, or {@link #SAME} to leave that
 * @param list what became of recipients
 */
record Outcomes(long id, Channel channel, long due, List<RecipientOutcome> list) {
  static final long SAME = Long.MIN_VALUE;
  private static final int HEAD = 8 + 1 + 8 + 4;

  /** Encodes; the offset of each report within the payload goes to {@code reports}. */
  byte[] encode(int[] reports) {
    int octets = HEAD;
    for (RecipientOutcome one : list) {
      octets += 9 + one.report().length();
    }
    var out = ByteBuffer.allocate(octets);
    out.putLong(id).put((byte) channel.ordinal()).putLong(due).putInt(list.size());
    for (int i = 0; i < list.size(); i++) {
      RecipientOutcome one = list.get(i);
      byte[] report = one.report().getBytes(StandardCharsets.ISO_8859_1);
      out.putInt(one.index()).put((byte) one.action().ordinal());
      reports[i] = out.position();
      out.putInt(report.length).put(report);
    }
    return out.array();
  }

  static Outcomes decode(byte[] payload) {
    var in = ByteBuffer.wrap(payload);
    long id = in.getLong();
    var channel = Channel.values()[in.get()];
    long due = in.getLong();
    int count = in.getInt();
    var list = new ArrayList<RecipientOutcome>(count);
    for (int i = 0; i < count; i++) {
      int index = in.getInt();
      var action = ReportedAction.values()[in.get()];
      byte[] report = new byte[in.getInt()];
      in.get(report);
      list.add(
          new RecipientOutcome(index, action, new String(report, StandardCharsets.ISO_8859_1)));
    }
    return new Outcomes(id, channel, due, list);
  }
}
