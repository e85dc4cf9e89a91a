package org.sluice.stores.log.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;

/** Records that one thread wants written together, and what came of it. */
final class Pending {
  final List<Rec> records;
  final int length;

  /** Return only when it would survive a power cut. */
  final boolean force;

  /** May use the reserve. */
  final boolean outcome;

  final int[] offsets;
  Condition turn;
  Segment segment;
  boolean finished;
  boolean retried;
  IOException failure;

  private Pending(List<Rec> records, boolean force, boolean outcome) {
    this.records = records;
    this.force = force;
    this.outcome = outcome;
    this.offsets = new int[records.size()];
    this.length = records.stream().mapToInt(Rec::length).sum();
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

  void fail(IOException why) {
    failure = why;
    finished = true;
  }
}
