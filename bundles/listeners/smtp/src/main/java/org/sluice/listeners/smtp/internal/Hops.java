package org.sluice.listeners.smtp.internal;

/** Counts Received and Delivered-To lines in the raw header (spec 20 section 7.8). */
final class Hops {
  static final int LIMIT = 100;
  private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};
  private static final byte[] DELIVERED = {'d', 'e', 'l', 'i', 'v', 'e', 'r', 'e', 'd'};

  private boolean header = true;
  private int position;
  private boolean received = true;
  private boolean delivered = true;
  private boolean empty = true;
  private int count;

  boolean exceeded() {
    return count >= LIMIT;
  }

  /** Looks at raw input until the header is over. */
  void scan(byte[] bytes, int from, int to) {
    for (int i = from; header && i < to; i++) {
      next(bytes[i]);
    }
  }

  private void next(byte b) {
    if (position < DELIVERED.length) {
      int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
      delivered &= lower == DELIVERED[position];
      received &= position >= RECEIVED.length || lower == RECEIVED[position];
      empty &= position > 1 || b == (position == 0 ? '\r' : '\n');
      if (delivered && position == DELIVERED.length - 1
          || received && position == RECEIVED.length - 1) {
        count++;
      }
      // A line of a bare LF comes this far where that ends a line.
      header = !(empty && position == 1 || position == 0 && b == '\n');
      position++;
    }
    if (b == '\n') {
      position = 0;
      received = true;
      delivered = true;
      empty = true;
    }
  }
}
