package org.sluice.stores.log.internal;

/**
 * Sizes of a store.
 *
 * @param segmentSize octets of a segment
 * @param inlineLimit a body of at most so many octets goes into the log, a longer one into a file
 * @param reserve octets at the end of a segment that only outcomes may use when the disk is full
 * @param background whether segments are prepared and recycled by a thread of the store
 */
record LogOptions(int segmentSize, int inlineLimit, int reserve, boolean background) {
  /** What an installation gets. */
  static final LogOptions DEFAULT = new LogOptions(64 << 20, 128 << 10, 4 << 20, true);
}
