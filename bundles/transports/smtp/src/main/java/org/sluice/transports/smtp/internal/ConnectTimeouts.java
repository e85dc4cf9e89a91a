package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of addresses that lately timed out, queue/lock/tcpto (spec 30 section 3). A table that
 * is missing, locked by others or unreadable is not used. IPv4 only, as the format says.
 */
final class ConnectTimeouts {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectTimeouts.class);
  private static final int SIZE = 1024;
  private static final int RECORD = 16;
  private static final int COUNT = 4;
  private static final int TIME = 8;

  /** What the table advises. */
  enum Advice {
    /** Not in the table. */
    TRY,
    /** In the table, but worth a try. */
    TRY_KNOWN,
    /** Timed out too often of late. */
    SKIP
  }

  /** Something done to the records; whether record {@code changed >= 0} is to be written. */
  private interface Work {
    int on(ByteBuffer table, int records);
  }

  private final Path file;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  ConnectTimeouts(Path home, InstantSource clock) {
    this.file = home.resolve("queue/lock/tcpto");
    this.clock = clock;
  }

  /** Empties the table, as the spawner does when it starts. */
  void clear() {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[SIZE]);
    } catch (IOException e) {
      LOG.debug("no timeout table: {}", e.toString());
    }
  }

  /** Whether to try this address. */
  Advice ask(InetAddress address) {
    var advice = new Advice[] {Advice.TRY};
    // Spread, so that not all deliveries try again in the same second.
    long pause = 64 * (60 + ThreadLocalRandom.current().nextInt(32));
    use(
        address,
        (table, records) -> {
          int at = find(table, records, address);
          if (at >= 0) {
            boolean wait = count(table, at) >= 2 && now() - time(table, at) < pause;
            advice[0] = wait ? Advice.SKIP : Advice.TRY_KNOWN;
          }
          return -1;
        });
    return advice[0];
  }

  /** The attempt came to another end than a time-out. */
  void answered(InetAddress address, Advice advice) {
    if (advice == Advice.TRY_KNOWN) {
      use(
          address,
          (table, records) -> {
            int at = find(table, records, address);
            if (at >= 0) {
              table.put(at + COUNT, (byte) 0);
            }
            return at;
          });
    }
  }

  /** The attempt timed out. */
  void timedOut(InetAddress address) {
    use(
        address,
        (table, records) -> {
          int at = find(table, records, address);
          if (at >= 0 && count(table, at) > 0 && now() < time(table, at) + 120) {
            return -1;
          }
          int count = at < 0 ? 1 : Math.min(10, count(table, at) + 1);
          if (at < 0) {
            at = spare(table, records);
            table.put(at, address.getAddress());
          }
          table.put(at + COUNT, (byte) count);
          table.putInt(at + TIME, (int) now());
          return at;
        });
  }

  private void use(InetAddress address, Work work) {
    if (!(address instanceof Inet4Address)) {
      return;
    }
    lock.lock();
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      ByteBuffer table = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
      int n;
      do {
        n = channel.read(table);
      } while (n > 0 && table.hasRemaining());
      int records = table.position() / RECORD;
      if (held == null || records == 0) {
        return;
      }
      int changed = work.on(table, records);
      if (changed >= 0) {
        table.limit(changed + RECORD).position(changed);
        channel.write(table, changed);
      }
    } catch (IOException | OverlappingFileLockException e) {
      LOG.trace("timeout table not used: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }

  private static int find(ByteBuffer table, int records, InetAddress address) {
    byte[] wanted = address.getAddress();
    for (int at = 0; at < records * RECORD; at += RECORD) {
      if (Arrays.equals(table.array(), at, at + 4, wanted, 0, 4)) {
        return at;
      }
    }
    return -1;
  }

  /** The first free record, else the one that matters least. */
  private static int spare(ByteBuffer table, int records) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int at = 0; at < records * RECORD; at += RECORD) {
      int count = count(table, at);
      long weight = count == 0 ? -1 : time(table, at) + 1024L * count;
      if (weight < least) {
        least = weight;
        best = at;
      }
    }
    return best;
  }

  private static int count(ByteBuffer table, int at) {
    return table.get(at + COUNT) & 0xff;
  }

  private static long time(ByteBuffer table, int at) {
    return Integer.toUnsignedLong(table.getInt(at + TIME));
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }
}
