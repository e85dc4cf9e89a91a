package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A disk that keeps what is durable apart from what is not, and whose power can fail. */
final class MemoryDisk implements Disk {
  /** One write that has not been forced. */
  private record Unforced(long position, byte[] data) {}

  /** One file. */
  private static final class Node {
    byte[] durable = new byte[0];
    byte[] now = new byte[0];
    final List<Unforced> unforced = new ArrayList<>();
  }

  private Map<String, Node> names = new TreeMap<>();
  private Map<String, Node> durableNames = new HashMap<>();
  long operations;
  long cutAt = Long.MAX_VALUE;
  boolean failForces;
  long capacity = Long.MAX_VALUE;

  private void step() throws IOException {
    if (++operations >= cutAt) {
      throw new IOException("power cut");
    }
  }

  /** The disk as found after the power came back. */
  synchronized MemoryDisk afterCut(Random random) {
    var result = new MemoryDisk();
    for (String name : union()) {
      Node live = names.get(name);
      Node durable = durableNames.get(name);
      Node chosen = live == durable || random.nextBoolean() ? live : durable;
      if (chosen != null) {
        var node = new Node();
        node.durable = chosen.durable.clone();
        for (Unforced write : chosen.unforced) {
          int kind = random.nextInt(3);
          int length = kind == 0 ? 0 : kind == 1 ? write.data.length : torn(random, write);
          node.durable = put(node.durable, write.position, write.data, length);
        }
        node.now = node.durable.clone();
        result.names.put(name, node);
        result.durableNames.put(name, node);
      }
    }
    return result;
  }

  private static int torn(Random random, Unforced write) {
    return random.nextInt(write.data.length + 1);
  }

  private List<String> union() {
    var all = new TreeMap<String, Node>(names);
    all.putAll(durableNames);
    return new ArrayList<>(all.keySet());
  }

  private static byte[] put(byte[] old, long position, byte[] data, int length) {
    if (length == 0) {
      return old;
    }
    byte[] result = old;
    if (position + length > old.length) {
      result = Arrays.copyOf(old, (int) position + length);
    }
    System.arraycopy(data, 0, result, (int) position, length);
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
    return new Open(node);
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    step();
    if (!names.containsKey(name)) {
      throw new IOException("not there: " + name);
    }
    return new Open(names.get(name));
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
    String prefix = directory.isEmpty() ? "" : directory + "/";
    for (String name : union()) {
      if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
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
    private final Node node;

    Open(Node node) {
      this.node = node;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        if (position + bytes.length > node.now.length
            && free() < position + bytes.length - node.now.length) {
          throw new IOException("No space left on device");
        }
        node.unforced.add(new Unforced(position, bytes));
        step(); // a write cut short may still have reached the disk
        node.now = put(node.now, position, bytes, bytes.length);
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
        if (failForces) {
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
      // nothing is kept per handle
    }
  }
}
