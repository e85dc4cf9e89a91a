package org.sluice.stores.log.internal;

import java.util.List;
import java.util.concurrent.locks.Condition;

/** Records that one thread wants written together, and what came of it. */
final class Pending {
  final List<Rec> records;
  final int length;

  /** Octets that queued messages keep in use, and how many messages. */
  final int live;

  final int messages;

  /** Return only when it would survive a power cut. */
  final boolean force;

  /** May use the reserve. */
  final boolean outcome;

  final int[] offsets;
  Condition turn;
  Segment segment;
  boolean finished;
  boolean retried;

  /** It failed, and a power cut may bring it back. */
  boolean doubtful;

  Throwable failure;

  private Pending(List<Rec> records, boolean force, boolean outcome) {
    this.records = records;
    this.force = force;
    this.outcome = outcome;
    this.offsets = new int[records.size()];
    int octets = 0;
    int inUse = 0;
    int count = 0;
    for (Rec record : records) {
      int kept = record.live();
      octets += record.length();
      inUse += kept;
      count += kept > 0 ? 1 : 0;
    }
    this.length = octets;
    this.live = inUse;
    this.messages = count;
  }

  static Pending forced(List<Rec> records) {
    return new Pending(records, true, false);
  }

  static Pending outcome(List<Rec> records) {
    return new Pending(records, false, true);
  }

  /** Nothing but a force of all that was written before. */
  static Pending barrier() {
    return new Pending(List.of(), true, true);
  }

  void fail(Throwable why) {
    failure = why;
    finished = true;
  }
}
