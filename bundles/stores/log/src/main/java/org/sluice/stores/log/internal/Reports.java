package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads failure reports where OUTCOME records have them. */
final class Reports {
  private Reports() {}

  static String read(Entry.Failure failure) throws IOException {
    int length = ByteBuffer.wrap(failure.segment.read(failure.offset, 4)).getInt();
    if (length < 0 || failure.offset + 4L + length > failure.segment.end) {
      throw new IOException(failure.segment.name + ": a report is damaged");
    }
    byte[] text = failure.segment.read(failure.offset + 4L, length);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
