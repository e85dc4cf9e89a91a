package org.sluice.tools.fixcrio.internal;

import java.io.ByteArrayOutputStream;

/** Inserts a CR before every LF that has none, across blocks. Used by one thread. */
final class CrInserter {
  private boolean afterCr;

  /** What the next block becomes; at most twice as long. */
  byte[] insert(byte[] bytes, int offset, int length) {
    var out = new ByteArrayOutputStream(length + 16);
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n' && !afterCr) {
        out.write('\r');
      }
      out.write(bytes[i]);
      afterCr = bytes[i] == '\r';
    }
    return out.toByteArray();
  }
}
