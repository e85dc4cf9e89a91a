package org.sluice.delivery.local.internal;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a delivery has printed so far, as qmail-lspawn reads it (spec 10 section 12.4). A program's
 * output may come from a thread of its own.
 */
final class Report extends OutputStream {
  private static final int PIECE = 128;
  private static final int LIMIT = 3000;
  private static final int KEPT = 2966;
  private static final String NOTICE = "\nError report too long, sorry.\n";
  private final StringBuilder text = new StringBuilder();
  private final ReentrantLock lock = new ReentrantLock();

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) {
    lock.lock();
    try {
      for (int done = 0; done < length; done += PIECE) {
        int piece = Math.min(PIECE, length - done);
        text.append(new String(octets, offset + done, piece, StandardCharsets.ISO_8859_1));
        if (text.length() > LIMIT) {
          text.setLength(KEPT);
          text.append(NOTICE);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Up to the first NUL. */
  String text() {
    lock.lock();
    try {
      int nul = text.indexOf("\0");
      return nul < 0 ? text.toString() : text.substring(0, nul);
    } finally {
      lock.unlock();
    }
  }
}
