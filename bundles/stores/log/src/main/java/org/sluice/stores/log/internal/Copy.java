package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The payload of a COPY record: a message's payload as it was, and behind it its whole state. In
 * one record, for a message that has moved without its outcomes would forget them when those go.
 *
 * @param message the payload of the MESSAGE record
 * @param held whether it is held
 * @param outcomes what has become of the recipients of each channel, and when the rest is due
 */
record Copy(byte[] message, boolean held, List<Outcomes> outcomes) {
  private static final int HEAD = 1 + 1;

  /** Encodes; for each of the outcomes the offset of each report within the payload is noted. */
  byte[] encode(List<int[]> reports) {
    var parts = new ArrayList<byte[]>();
    int octets = message.length + HEAD;
    for (Outcomes one : outcomes) {
      int[] positions = new int[one.list().size()];
      byte[] part = one.encode(positions);
      octets += 4;
      for (int i = 0; i < positions.length; i++) {
        positions[i] += octets;
      }
      octets += part.length;
      parts.add(part);
      reports.add(positions);
    }
    var out = ByteBuffer.allocate(octets);
    out.put(message).put((byte) (held ? 1 : 0)).put((byte) parts.size());
    parts.forEach(part -> out.putInt(part.length).put(part));
    return out.array();
  }

  static Copy decode(byte[] payload) {
    int end = Envelope.messageLength(payload);
    var in = ByteBuffer.wrap(payload).position(end);
    boolean held = in.get() != 0;
    int count = in.get();
    var outcomes = new ArrayList<Outcomes>();
    for (int i = 0; i < count; i++) {
      byte[] part = new byte[in.getInt()];
      in.get(part);
      outcomes.add(Outcomes.decode(part));
    }
    return new Copy(Arrays.copyOf(payload, end), held, outcomes);
  }
}
