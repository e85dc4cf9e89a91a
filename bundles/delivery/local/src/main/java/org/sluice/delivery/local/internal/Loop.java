package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.api.mail.MessageSource;

/** Finds our own Delivered-To line in a header (spec 40 section 6.3, step 5). */
final class Loop {
  private static final int BLOCK = 8192;

  private Loop() {}

  /** Refuses a message whose header has exactly this line. */
  static void check(MessageSource message, String deliveredTo) throws Refusal {
    try (InputStream in = message.open()) {
      if (contains(in, deliveredTo.getBytes(StandardCharsets.ISO_8859_1))) {
        throw Refusal.permanent(
            "This message is looping: it already has my Delivered-To line. (#5.4.6)");
      }
    } catch (IOException e) {
      throw Refusal.read(e);
    }
  }

  private static boolean contains(InputStream in, byte[] want) throws IOException {
    byte[] block = new byte[BLOCK];
    long column = 0;
    boolean same = true;
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      for (int i = 0; i < n; i++) {
        byte b = block[i];
        same = same && column < want.length && want[(int) column] == b;
        column++;
        if (b == '\n') {
          if (column == 1) {
            return false;
          }
          if (same && column == want.length) {
            return true;
          }
          column = 0;
          same = true;
        }
      }
    }
    return false;
  }
}
