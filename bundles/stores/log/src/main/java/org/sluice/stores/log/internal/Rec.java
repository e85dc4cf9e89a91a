package org.sluice.stores.log.internal;

/**
 * A record to be written.
 *
 * @param type one of the constants of {@link Frame}
 * @param payload its octets
 * @param checksum CRC32C of them, computed by the committer and not by the leader
 */
record Rec(int type, byte[] payload, int checksum) {
  static Rec of(int type, byte[] payload) {
    return new Rec(type, payload, Frame.checksum(payload, 0, payload.length));
  }

  /** Octets that a queued message keeps in use; 0 if this is about one only. */
  int live() {
    boolean message = type == Frame.MESSAGE || type == Frame.COPY;
    return message ? Frame.SIZE + Envelope.messageLength(payload) : 0;
  }

  int length() {
    return Frame.SIZE + payload.length;
  }
}
