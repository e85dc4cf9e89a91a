package org.sluice.base;

import java.io.ByteArrayInputStream;

/** An input that comes in pieces, as from a network. */
final class Pieces extends ByteArrayInputStream {
  private final int most;

  /**
   * These octets.
   *
   * @param most octets that a read gives at most
   */
  Pieces(byte[] octets, int most) {
    super(octets);
    this.most = most;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) {
    return super.read(into, offset, Math.min(most, length));
  }
}
