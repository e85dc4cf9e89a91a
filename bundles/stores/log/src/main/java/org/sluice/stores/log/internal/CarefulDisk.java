package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says which file could not be written, and what room there is. Never forces a file or directory
 * again whose force has failed. The system forgets what it could not write, so the second force
 * would succeed and prove nothing.
 */
final class CarefulDisk implements Disk {
  private final Disk disk;
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  CarefulDisk(Disk disk) {
    this.disk = disk;
  }

  private interface Force {
    void run() throws IOException;
  }

  private void force(String name, Force force) throws IOException {
    if (failed.contains(name)) {
      throw new IOException(
          "an earlier force of '" + name + "' failed, none is tried before the next start");
    }
    boolean done = false;
    try {
      force.run();
      done = true;
    } finally {
      if (!done) {
        failed.add(name);
      }
    }
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new Open(name, disk.create(name));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new Open(name, disk.open(name));
  }

  @Override
  public void rename(String name, String to) throws IOException {
    disk.rename(name, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
    failed.remove(name); // names are not used twice, so this is only for space
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void force(String directory) throws IOException {
    force(directory, () -> disk.force(directory));
  }

  @Override
  public long free() throws IOException {
    return disk.free();
  }

  /** For a message. */
  private String room() {
    try {
      return String.valueOf(disk.free());
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** A file that knows its name. */
  private final class Open implements DiskFile {
    private final String name;
    private final DiskFile file;

    Open(String name, DiskFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      int wanted = data.remaining();
      try {
        file.write(data, position);
      } catch (IOException e) {
        throw new IOException(
            "%s: %s (%s octets free, %d needed)".formatted(name, e.getMessage(), room(), wanted),
            e);
      }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void force() throws IOException {
      CarefulDisk.this.force(name, file::force);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
