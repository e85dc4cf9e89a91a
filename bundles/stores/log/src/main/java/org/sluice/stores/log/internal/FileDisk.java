package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.sluice.base.Directories;

/** A directory of the host's file system, for its owner's eyes only. */
final class FileDisk implements Disk {
  private final Path root;

  FileDisk(Path root) throws IOException {
    this.root = root;
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(root.resolve(Stage.DIRECTORY), mode);
    Directories.force(root);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Path path = root.resolve(name);
    var channel = FileChannel.open(path, options, mode);
    return new Open(
        new SturdyChannel(path, StandardOpenOption.READ),
        new SturdyChannel(path, StandardOpenOption.WRITE, channel));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    Path path = root.resolve(name);
    var channel = FileChannel.open(path, StandardOpenOption.READ);
    return new Open(
        new SturdyChannel(path, StandardOpenOption.READ, channel),
        new SturdyChannel(path, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String name, String to) throws IOException {
    Path target = root.resolve(to);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.move(root.resolve(name), target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(root.resolve(name));
  }

  @Override
  public List<String> list(String directory) throws IOException {
    try (var files = Files.list(root.resolve(directory))) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  @Override
  public void force(String directory) throws IOException {
    Directories.force(root.resolve(directory));
  }

  @Override
  public long free() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  /** Readers may be interrupted at any time, which must not disturb who writes. */
  private record Open(SturdyChannel reader, SturdyChannel writer) implements DiskFile {
    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      int start = data.position();
      while (data.hasRemaining()) {
        // An interrupt may be reported for a write that has moved the buffer on.
        writer.repeat(channel -> channel.write(data, position + data.position() - start));
      }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      int start = into.position();
      return (int)
          reader.repeat(
              channel -> {
                int got = into.position() - start; // before an interrupt was reported
                return got > 0 ? got : channel.read(into, position);
              });
    }

    @Override
    public void force() throws IOException {
      writer.once(
          channel -> {
            channel.force(false);
            return 0;
          });
    }

    @Override
    public long size() throws IOException {
      return reader.repeat(FileChannel::size);
    }

    @Override
    public void close() throws IOException {
      reader.close();
      writer.close();
    }
  }
}
