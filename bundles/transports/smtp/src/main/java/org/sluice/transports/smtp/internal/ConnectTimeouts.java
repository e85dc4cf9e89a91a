package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.MboxLock;
import org.sluice.base.TimeoutTable;
import org.sluice.base.TimeoutTable.Entry;

/**
 * The rules about addresses that lately timed out (spec 10 section 17.2, spec 30 section 3). A
 * table that is missing, empty or cannot be used now is no table: all addresses are tried then. Its
 * format has room for IPv4 only. Thread-safe; throws nothing.
 */
final class ConnectTimeouts {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectTimeouts.class);
  private static final int ENOUGH = 2;
  private static final int MOST = 10;
  private static final int PAUSE_UNITS = 60;
  private static final int UNIT_SECONDS = 64;
  private static final int SAME_TIMEOUT_SECONDS = 120;
  private static final long COUNT_WEIGHT = 1024;

  /** What the table advises. */
  enum Advice {
    /** Not in the table. */
    TRY,
    /** In the table, but worth a try. */
    TRY_KNOWN,
    /** Timed out too often of late. */
    SKIP
  }

  /** Something done with the records that were read. */
  private interface Work {
    void on(TimeoutTable table, List<Entry> entries) throws IOException;
  }

  private final Path home;
  private final InstantSource clock;
  private final Duration patience;

  /**
   * The table of a home directory.
   *
   * @param patience how long other processes may keep it locked before it is not used
   */
  ConnectTimeouts(Path home, InstantSource clock, Duration patience) {
    this.home = home;
    this.clock = clock;
    this.patience = patience;
  }

  /** Empties the table, as the spawner does when it starts. */
  void clear() {
    try {
      TimeoutTable.renew(home);
    } catch (IOException e) {
      LOG.debug("no timeout table: {}", e.toString());
    }
  }

  /**
   * Whether to try this address.
   *
   * @param spread 0 to 31, the same for a whole delivery: more makes it wait longer, so that not
   *     all deliveries try again in the same second
   */
  Advice ask(InetAddress address, int spread) {
    var advice = new Advice[] {Advice.TRY};
    long pause = (long) UNIT_SECONDS * (PAUSE_UNITS + spread);
    use(
        address,
        (table, entries) -> {
          OptionalInt at = find(entries, address);
          if (at.isPresent()) {
            Entry entry = entries.get(at.getAsInt());
            boolean wait = entry.count() >= ENOUGH && now() - entry.time() < pause;
            advice[0] = wait ? Advice.SKIP : Advice.TRY_KNOWN;
          }
        });
    return advice[0];
  }

  /** The attempt came to another end than a time-out. */
  void answered(InetAddress address, Advice advice) {
    if (advice == Advice.TRY_KNOWN) {
      use(
          address,
          (table, entries) -> {
            OptionalInt at = find(entries, address);
            if (at.isPresent()) { // others may have needed the record meanwhile
              Entry entry = entries.get(at.getAsInt());
              table.write(at.getAsInt(), new Entry(address, 0, entry.time()));
            }
          });
    }
  }

  /** The attempt timed out. */
  void timedOut(InetAddress address) {
    use(
        address,
        (table, entries) -> {
          OptionalInt at = find(entries, address);
          if (at.isEmpty()) {
            table.write(spare(entries), new Entry(address, 1, now()));
            return;
          }
          Entry entry = entries.get(at.getAsInt());
          if (entry.count() == 0 || now() >= entry.time() + SAME_TIMEOUT_SECONDS) {
            int count = Math.min(MOST, entry.count() + 1);
            table.write(at.getAsInt(), new Entry(address, count, now()));
          }
        });
  }

  private void use(InetAddress address, Work work) {
    if (!Entry.possible(address)) {
      return;
    }
    try (var table = TimeoutTable.open(home, System.nanoTime() + patience.toNanos())) {
      table.lock();
      List<Entry> entries = table.read();
      if (!entries.isEmpty()) {
        work.on(table, entries);
      }
    } catch (IOException | MboxLock.TimedOut e) {
      LOG.debug("timeout table not used: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OptionalInt find(List<Entry> entries, InetAddress address) {
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i).address().equals(address))
        .findFirst();
  }

  /** The first free record, else the first of those that matter least. */
  private static int spare(List<Entry> entries) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.count() == 0) {
        return i;
      }
      long weight = entry.time() + COUNT_WEIGHT * entry.count();
      if (weight < least) {
        least = weight;
        best = i;
      }
    }
    return best;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }
}
