package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** One use of a segment file, from activation until it is freed. */
final class Segment {
  final String name;
  final DiskFile file;
  final long generation;

  /** Messages in it that are not finished. */
  final AtomicInteger live = new AtomicInteger();

  final AtomicLong liveBytes = new AtomicLong();

  /** Streams and reads under way; taken only while a message in it is live. */
  final AtomicInteger pins = new AtomicInteger();

  /** Where the next record goes; moved by the leader alone. */
  volatile int end = SegmentHeader.SIZE;

  /** All before it is durable; the leader's. */
  volatile int forced = SegmentHeader.SIZE;

  /** The highest bound of a record in it; the leader's. */
  volatile int bound = SegmentHeader.SIZE;

  /** Written to since the last force; the leader's. */
  boolean dirty;

  /** A write or force failed: never written again. */
  volatile boolean poisoned;

  Segment(String name, DiskFile file, long generation) {
    this.name = name;
    this.file = file;
    this.generation = generation;
  }

  void gained(int octets) {
    gained(1, octets);
  }

  void gained(int messages, int octets) {
    live.addAndGet(messages);
    liveBytes.addAndGet(octets);
  }

  void lost(int octets) {
    liveBytes.addAndGet(-octets);
    live.decrementAndGet();
  }

  /** Never throws: others are to be closed too, and nothing is lost by what fails here. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      LoggerFactory.getLogger(Segment.class).warn("{}: {}", name, e.toString());
    }
  }

  boolean dead() {
    return live.get() == 0 && pins.get() == 0;
  }

  byte[] read(long position, int length) throws IOException {
    var octets = new byte[length];
    read(position, octets, length);
    return octets;
  }

  /** Fills the beginning of an array. */
  void read(long position, byte[] octets, int length) throws IOException {
    var buffer = ByteBuffer.wrap(octets, 0, length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw new IOException(name + " is too short");
      }
    }
  }
}
