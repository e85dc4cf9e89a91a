package org.sluice.base;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of addresses that lately timed out, queue/lock/tcpto (spec 10 section 17.1), opened: 64
 * records of 16 bytes, fewer in a shorter file.
 *
 * <p>From opening to closing nobody else in this JVM has it open, since the system's record locks
 * do not exclude threads of one process and go when any descriptor of the file is closed. Opened,
 * used and closed by one thread, which it never keeps for longer than its deadline, an instant of
 * {@link System#nanoTime}.
 */
public final class TimeoutTable implements AutoCloseable {
  /** Where it is in the home directory. */
  public static final String FILE = "queue/lock/tcpto";

  private static final Logger LOG = LoggerFactory.getLogger(TimeoutTable.class);
  private static final int SIZE = 1024;
  private static final int RECORD = 16;
  private static final int ADDRESS = 4;
  private static final int COUNT = 4;
  private static final int TIME = 8;
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /**
   * A record.
   *
   * @param address an IPv4 address, there is no room for others
   * @param count of recent timeouts: a signed byte, 0 if the record is free
   * @param time of the last one that was counted, Unix seconds, 32 bits without a sign
   */
  public record Entry(InetAddress address, int count, long time) {
    /** Whether an address can have a record at all. */
    public static boolean possible(InetAddress address) {
      return address instanceof Inet4Address;
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final long deadline;
  private final ByteBuffer records = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private Optional<MboxLock.Held> held = Optional.empty();

  private TimeoutTable(Path file, FileChannel channel, long deadline) {
    this.file = file;
    this.channel = channel;
    this.deadline = deadline;
  }

  /**
   * Opens it for reading and writing.
   *
   * @throws IOException if there is none, or it cannot be opened
   * @throws MboxLock.TimedOut if others of this JVM have it all the time
   */
  public static TimeoutTable open(Path home, long deadline)
      throws IOException, InterruptedException, MboxLock.TimedOut {
    return open(home, deadline, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Opens it for {@link #clear} only, which needs no right to read it. Throws as open does. */
  public static TimeoutTable openToClear(Path home, long deadline)
      throws IOException, InterruptedException, MboxLock.TimedOut {
    return open(home, deadline, StandardOpenOption.WRITE);
  }

  private static TimeoutTable open(Path home, long deadline, OpenOption... options)
      throws IOException, InterruptedException, MboxLock.TimedOut {
    if (!MboxLock.take(ONE_AT_A_TIME, deadline)) {
      throw new MboxLock.TimedOut();
    }
    boolean done = false;
    try {
      Path file = home.resolve(FILE);
      var table = new TimeoutTable(file, FileChannel.open(file, options), deadline);
      done = true;
      return table;
    } finally {
      if (!done) {
        ONE_AT_A_TIME.unlock();
      }
    }
  }

  /**
   * Takes the exclusive lock that all users of the file respect. It ends with {@link #close}.
   *
   * @throws IOException if the file cannot be locked
   * @throws MboxLock.TimedOut if another process has it locked all the time
   */
  public void lock() throws IOException, InterruptedException, MboxLock.TimedOut {
    MboxLock.Held locks = MboxLock.fileLocks(channel, file, deadline);
    held = Optional.of(locks);
    if (locks.failure().isPresent()) {
      throw locks.failure().get();
    }
  }

  /** Reads the whole records that there are, in order. */
  public List<Entry> read() throws IOException {
    records.clear();
    int n;
    do {
      n = channel.read(records, records.position());
    } while (n > 0 && records.hasRemaining());
    var entries = new ArrayList<Entry>();
    for (int at = 0; at + RECORD <= records.position(); at += RECORD) {
      byte[] address = Arrays.copyOfRange(records.array(), at, at + ADDRESS);
      long time = Integer.toUnsignedLong(records.getInt(at + TIME));
      entries.add(new Entry(InetAddress.getByAddress(address), records.get(at + COUNT), time));
    }
    return entries;
  }

  /** Writes one of the records that were read, and keeps its unused bytes as they are. */
  public void write(int index, Entry entry) throws IOException {
    int at = index * RECORD;
    records.put(at, entry.address().getAddress());
    records.put(at + COUNT, (byte) entry.count());
    records.putInt(at + TIME, (int) entry.time());
    put(records.duplicate().limit(at + RECORD).position(at), at);
  }

  /** Makes all records free. A shorter file gets its full length. */
  public void clear() throws IOException {
    put(ByteBuffer.allocate(SIZE), 0);
  }

  private void put(ByteBuffer bytes, long position) throws IOException {
    long next = position;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  /**
   * Makes all records free, or an empty table where there is none, without the lock: what starts
   * deliveries does so before its first one. Waits for others of this JVM, without limit.
   */
  public static void renew(Path home) throws IOException {
    Path file = home.resolve(FILE);
    ONE_AT_A_TIME.lock();
    try {
      Files.createDirectories(file.getParent());
      // In place: whoever reads it meanwhile must not find it short.
      Files.write(file, new byte[SIZE], StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  /** Gives up the lock. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing {}", file, e);
    } finally {
      held.ifPresent(MboxLock.Held::close);
      ONE_AT_A_TIME.unlock();
    }
  }
}
