package org.sluice.base;

import java.nio.charset.StandardCharsets;

/** Writes netstrings: {@code 5:hello,} (spec 20 section 1.7, spec 30 section 1.4). */
public final class Netstring {
  private Netstring() {}

  /** A whole netstring. */
  public static byte[] of(byte[] text) {
    byte[] start = start(text.length);
    byte[] whole = new byte[start.length + text.length + 1];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(text, 0, whole, start.length, text.length);
    whole[whole.length - 1] = ',';
    return whole;
  }

  /** A whole netstring; the text is bytes as ISO-8859-1. */
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What goes in front of this many octets: the length and the colon, without leading zeros. */
  public static byte[] start(long length) {
    return (length + ":").getBytes(StandardCharsets.US_ASCII);
  }

  /** Octets of a whole netstring around this many. */
  public static long size(long length) {
    return start(length).length + length + 1;
  }
}
