package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A disk that keeps what is durable apart from what is not, and whose power can fail. */
final class MemoryDisk implements Disk {
  /** One write that has not been forced. */
  private record Unforced(long position, byte[] data) {}

  private static final int SECTOR = 512;

  /** One file. */
  private static final class Node {
    boolean forceFailed;
    byte[] durable = new byte[0];
    byte[] now = new byte[0];
    final List<Unforced> unforced = new ArrayList<>();
  }

  private Map<String, Node> names = new TreeMap<>();
  private Map<String, Node> durableNames = new HashMap<>();

  /** Renames that have not been forced: from which name each of these names came. */
  private final Map<String, String> renamed = new HashMap<>();

  long operations;
  long cutAt = Long.MAX_VALUE;

  /** Files and directories whose force fails. */
  Predicate<String> failForce = name -> false;

  /** Files that cannot be written. */
  Predicate<String> failWrite = name -> false;

  /** What was forced although an earlier force of it had failed: nothing, ever. */
  final List<String> forcedAgain = new ArrayList<>();

  final Map<String, Integer> writes = new HashMap<>();

  /** Files that are open. */
  int handles;

  /** How often a segment was begun. */
  long begun;

  /** The log's segment that was written to last. */
  String lastWritten = "";

  private final Set<String> failedDirectories = new HashSet<>();
  long capacity = Long.MAX_VALUE;

  boolean isCut() {
    return operations >= cutAt;
  }

  private void step() throws IOException {
    if (++operations >= cutAt) {
      throw new IOException("power cut");
    }
  }

  /** Seeds that are neighbours begin with the same numbers, if they are not spread first. */
  static Random random(long seed) {
    return new Random((seed + 1) * 0x9E3779B97F4A7C15L);
  }

  /** The disk as found after the power came back. */
  synchronized MemoryDisk afterCut(Random random) {
    var result = new MemoryDisk();
    var kept = new HashMap<String, Boolean>();
    for (String name : union()) {
      Node live = names.get(name);
      Node durable = durableNames.get(name);
      boolean same = live == durable;
      Node chosen =
          same || kept.computeIfAbsent(origin(name), n -> random.nextBoolean()) ? live : durable;
      if (chosen != null) {
        var node = new Node();
        node.durable = chosen.durable.clone();
        for (Unforced write : chosen.unforced) {
          node.durable = survivors(node.durable, write, random);
        }
        node.now = node.durable.clone();
        result.names.put(name, node);
        result.durableNames.put(name, node);
      }
    }
    return result;
  }

  /** The first of the names that unforced renames tie together: all of them happened or none. */
  private String origin(String name) {
    String first = name;
    while (renamed.containsKey(first)) {
      first = renamed.get(first);
    }
    return first;
  }

  private static String directory(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** The same disk, forced. */
  synchronized MemoryDisk copy() {
    var result = new MemoryDisk();
    names.forEach(
        (name, live) -> {
          var node = new Node();
          node.durable = live.now.clone();
          node.now = live.now.clone();
          result.names.put(name, node);
          result.durableNames.put(name, node);
        });
    return result;
  }

  /** Damages one octet, on the medium. */
  synchronized void flip(String name, int at, int bits) {
    names.get(name).durable[at] ^= (byte) bits;
    names.get(name).now[at] ^= (byte) bits;
  }

  synchronized byte[] contents(String name) {
    return names.get(name).now.clone();
  }

  /** Nothing of a write, all, a part in front, or any of its sectors. */
  private static byte[] survivors(byte[] old, Unforced write, Random random) {
    int length = write.data.length;
    switch (random.nextInt(4)) {
      case 0:
        return old;
      case 1:
        return put(old, write.position, write.data, 0, length);
      case 2:
        return put(old, write.position, write.data, 0, random.nextInt(length + 1));
      default:
        byte[] result = old;
        int from = 0;
        while (from < length) {
          int inSector = SECTOR - (int) ((write.position + from) % SECTOR);
          int to = Math.min(length, from + inSector);
          if (random.nextBoolean()) {
            result = put(result, write.position, write.data, from, to);
          }
          from = to;
        }
        return result;
    }
  }

  private List<String> union() {
    var all = new TreeMap<String, Node>(names);
    all.putAll(durableNames);
    return new ArrayList<>(all.keySet());
  }

  private static byte[] put(byte[] old, long position, byte[] data, int from, int to) {
    if (from >= to) {
      return old;
    }
    byte[] result = position + to > old.length ? Arrays.copyOf(old, (int) position + to) : old;
    System.arraycopy(data, from, result, (int) position + from, to - from);
    return result;
  }

  @Override
  public synchronized DiskFile create(String name) throws IOException {
    step();
    if (names.containsKey(name)) {
      throw new IOException("exists: " + name);
    }
    var node = new Node();
    names.put(name, node);
    return new Open(name, node);
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    step();
    if (!names.containsKey(name)) {
      throw new IOException("not there: " + name);
    }
    return new Open(name, names.get(name));
  }

  @Override
  public synchronized void rename(String name, String to) throws IOException {
    step();
    if (!directory(name).equals(directory(to))) {
      throw new IllegalArgumentException("two directories, of which each needs its own force");
    }
    if (!names.containsKey(name) || names.containsKey(to)) {
      throw new IOException("not there, or there already: " + name + ", " + to);
    }
    names.put(to, names.remove(name)); // until the force a cut may undo it, but never by half
    String first = origin(name);
    if (!first.equals(to)) {
      renamed.put(to, first);
    }
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    step();
    names.remove(name);
  }

  @Override
  public synchronized List<String> list(String directory) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    return names.keySet().stream()
        .filter(n -> n.startsWith(prefix) && n.indexOf('/', prefix.length()) < 0)
        .map(n -> n.substring(prefix.length()))
        .toList();
  }

  @Override
  public synchronized void force(String directory) throws IOException {
    step();
    if (failedDirectories.contains(directory)) {
      forcedAgain.add(directory);
    }
    if (failForce.test(directory)) {
      failedDirectories.add(directory);
      throw new IOException("I/O error");
    }
    renamed.keySet().removeIf(name -> directory(name).equals(directory));
    for (String name : union()) {
      if (directory(name).equals(directory)) {
        durableNames.remove(name);
        if (names.containsKey(name)) {
          durableNames.put(name, names.get(name));
        }
      }
    }
  }

  @Override
  public synchronized long free() {
    return capacity - names.values().stream().mapToLong(n -> n.now.length).sum();
  }

  /** A handle. */
  private final class Open implements DiskFile {
    private final String name;
    private final Node node;

    private boolean open = true;

    Open(String name, Node node) {
      this.name = name;
      this.node = node;
      handles++;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        if (failWrite.test(name)) {
          throw new IOException("I/O error");
        }
        writes.merge(name, 1, Integer::sum);
        lastWritten = Segments.slot(name).isPresent() ? name : lastWritten;
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        boolean header = position == 0 && bytes.length == SegmentHeader.SIZE && bytes[0] != 0;
        begun += header ? 1 : 0;
        if (position + bytes.length > node.now.length
            && free() < position + bytes.length - node.now.length) {
          throw new IOException("No space left on device");
        }
        if (isCut()) { // what comes after the cut reaches nothing
          step();
        }
        node.unforced.add(new Unforced(position, bytes));
        step(); // a write cut short may still have reached the disk
        node.now = put(node.now, position, bytes, 0, bytes.length);
      }
    }

    @Override
    public int read(ByteBuffer into, long position) {
      synchronized (MemoryDisk.this) {
        int length = (int) Math.min(into.remaining(), node.now.length - position);
        if (length <= 0) {
          return -1;
        }
        into.put(node.now, (int) position, length);
        return length;
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        step();
        if (node.forceFailed) {
          forcedAgain.add(name);
        }
        if (failForce.test(name)) {
          node.forceFailed = true;
          // The system forgets what it could not write: it may be there after a cut, or not.
          throw new IOException("I/O error");
        }
        node.unforced.clear();
        node.durable = node.now.clone();
      }
    }

    @Override
    public long size() {
      synchronized (MemoryDisk.this) {
        return node.now.length;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryDisk.this) {
        handles -= open ? 1 : 0;
        open = false;
      }
    }
  }
}
