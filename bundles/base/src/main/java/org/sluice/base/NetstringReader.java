package org.sluice.base;

import java.io.EOFException;
import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads netstrings (spec 20 section 1.7) out of one buffer, whatever their length. Netstrings
 * within a netstring are read under a {@link #limit}. The end of the input anywhere is an
 * EOFException. Used by one thread.
 */
public final class NetstringReader {
  private static final int SIZE = 8_192;
  private static final long BEFORE_LAST_DIGIT = 200_000_000L;
  private static final long UNLIMITED = Long.MAX_VALUE;

  private final InputStream in;
  private final Flushable before;
  private final byte[] buffer = new byte[SIZE];
  private int position;
  private int end;
  private long left = UNLIMITED;

  /**
   * A reader of a stream that it does not close.
   *
   * @param before flushed before each read that may wait, so that no answer is held back
   */
  public NetstringReader(InputStream in, Flushable before) {
    this.in = in;
    this.before = before;
  }

  /** Whether there is something to read without waiting for the peer. */
  public boolean buffered() {
    return position < end;
  }

  /** Lets only this many octets more be read; one beyond them is malformed. */
  public void limit(long octets) {
    left = octets;
  }

  /** Takes the limit away. */
  public void unlimited() {
    left = UNLIMITED;
  }

  /** Octets up to the limit. */
  public long left() {
    return left;
  }

  /** Waits until there is something to read; false at the end of the input. */
  public boolean await() throws IOException {
    if (position < end) {
      return true;
    }
    before.flush();
    int n = in.read(buffer, 0, SIZE);
    position = 0;
    end = Math.max(n, 0);
    return n > 0;
  }

  /** The next octet, 0 to 255. */
  public int octet() throws IOException {
    if (left == 0) {
      throw NetstringException.malformed("the inner netstring is longer than the outer one");
    }
    fill();
    left--;
    return buffer[position++] & 0xff;
  }

  /** A length and its colon; at most 2,000,000,009. */
  public long length() throws IOException {
    return length(true);
  }

  /**
   * As {@link #length}, but any octet counts as its distance from the digit 0, as qmail-qmtpd does
   * with recipients (spec 20 section 8.3); the result is to be compared as unsigned.
   */
  public long laxLength() throws IOException {
    return length(false);
  }

  private long length(boolean strict) throws IOException {
    long length = 0;
    while (true) {
      int octet = octet();
      if (octet == ':') {
        return length;
      }
      if (Long.compareUnsigned(length, BEFORE_LAST_DIGIT) > 0) {
        throw NetstringException.tooLong("a length of more than 2,000,000,009");
      }
      if (strict && (octet < '0' || octet > '9')) {
        throw NetstringException.malformed("a length that is no number");
      }
      length = length * 10 + (byte) octet - '0';
    }
  }

  /** The comma behind a netstring. */
  public void comma() throws IOException {
    if (octet() != ',') {
      throw NetstringException.malformed("no comma behind a netstring");
    }
  }

  /** Exactly this many octets. */
  public byte[] octets(int count) throws IOException {
    byte[] octets = new byte[count];
    for (int done = 0; done < count; ) {
      done += read(octets, done, count - done);
    }
    return octets;
  }

  /** One octet or more, at most {@code most}, which must not be 0. */
  public int read(byte[] into, int offset, int most) throws IOException {
    if (left == 0) {
      throw NetstringException.malformed("the inner netstring is longer than the outer one");
    }
    fill();
    int n = (int) Math.min(Math.min(most, left), end - position);
    System.arraycopy(buffer, position, into, offset, n);
    position += n;
    left -= n;
    return n;
  }

  /** Copies exactly this many octets. What the other stream throws comes through. */
  public void copy(long count, OutputStream to) throws IOException {
    for (long todo = count; todo > 0; ) {
      if (left == 0) {
        throw NetstringException.malformed("the inner netstring is longer than the outer one");
      }
      fill();
      int n = (int) Math.min(Math.min(todo, left), end - position);
      to.write(buffer, position, n);
      position += n;
      left -= n;
      todo -= n;
    }
  }

  /** Reads exactly this many octets for nothing. */
  public void skip(long count) throws IOException {
    copy(count, OutputStream.nullOutputStream());
  }

  private void fill() throws IOException {
    if (!await()) {
      throw new EOFException("the peer is gone");
    }
  }
}
