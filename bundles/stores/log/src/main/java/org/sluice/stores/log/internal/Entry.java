package org.sluice.stores.log.internal;

import java.util.BitSet;

/** What the heap keeps of one queued message; all under the lock of the {@link Index}. */
final class Entry {
  static final Part[] NO_PARTS = {};

  final long id;
  final long size;
  final long file;
  Segment segment;

  /** Where the payload begins in the segment. */
  int offset;

  /** Octets of the payload's envelope; an inline body follows. */
  final int envelope;

  final int recipients;
  int local;
  int remote;
  boolean held;

  /** A record about this message is being written: others wait. */
  boolean busy;

  boolean gone;

  /** One for each channel with something to do. */
  Part[] parts = NO_PARTS;

  /** Recipients done or failed; null as long as there are none, which saves most of the heap. */
  BitSet finished;

  /** First of those that the sender is to be told of; null if none. */
  Failure failures;

  Entry(Envelope envelope, int length, Segment segment, int offset) {
    this.id = envelope.id();
    this.size = envelope.size();
    this.file = envelope.file();
    this.recipients = envelope.record().recipients().size();
    this.envelope = length;
    this.segment = segment;
    this.offset = offset;
  }

  int recordLength() {
    return Frame.SIZE + envelope + (file == 0 ? (int) size : 0);
  }

  boolean isFinished(int recipient) {
    return finished != null && finished.get(recipient);
  }

  boolean leased() {
    for (Part part : parts) {
      if (part.leased) {
        return true;
      }
    }
    return false;
  }

  /** Where the report of a recipient that failed, or that success was promised for, lies. */
  static final class Failure {
    final int recipient;
    final boolean failed;
    final Failure next;
    Segment segment;
    int offset;

    Failure(int recipient, boolean failed, Segment segment, int offset, Failure next) {
      this.recipient = recipient;
      this.failed = failed;
      this.segment = segment;
      this.offset = offset;
      this.next = next;
    }
  }
}
