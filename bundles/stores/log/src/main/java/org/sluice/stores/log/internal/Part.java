package org.sluice.stores.log.internal;

import org.sluice.api.store.Channel;

/** The work of one message on one channel. */
final class Part {
  final Entry entry;
  final Channel channel;
  long due;

  /** When its lease ends, in ticks of the store and not in time of day. */
  long expiry;

  long token;
  boolean leased;

  /** The sender has been told that what is unfinished is late. Costs nothing, beside the other. */
  boolean late;

  /** Where it lies if it was passed over; null if not. Costs nothing either. */
  PassedOver.Group group;

  /** Position in the heap that holds it, or -1. */
  int position = -1;

  Part(Entry entry, Channel channel, long due) {
    this.entry = entry;
    this.channel = channel;
    this.due = due;
  }

  long key() {
    return leased ? expiry : due;
  }
}
