package org.sluice.tools.door.client;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sluice.api.program.Descriptors;

/** This process's own descriptors. */
final class ProcessDescriptors implements Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");

  /** Descriptors above 2 that this process began with; the JVM opens others for itself later. */
  private static final int LAST = 9;

  /** The last of those that every process has: whatever is there was passed, or its place held. */
  private static final int STANDARD = 2;

  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;

  private final FileInputStream standardInput = new FileInputStream(FileDescriptor.in);
  private final Map<Integer, Optional<InputStream>> inputs = new HashMap<>();
  private final Map<Integer, Optional<OutputStream>> outputs = new HashMap<>();
  private final Set<Integer> closed;

  /**
   * Of a process that bin/program has started.
   *
   * @param closed the digits of those of 0, 1 and 2 that were closed: something else has their
   *     place
   */
  ProcessDescriptors(String closed) {
    this.closed = closed.chars().map(digit -> digit - '0').boxed().collect(Collectors.toSet());
  }

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    Optional<InputStream> known = inputs.get(descriptor);
    if (known == null) {
      known =
          open(descriptor, 0400)
              ? Optional.of(new Sequential(reading(descriptor)))
              : Optional.empty();
      inputs.put(descriptor, known);
    }
    return known;
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    Optional<OutputStream> known = outputs.get(descriptor);
    if (known == null) {
      known = open(descriptor, 0200) ? Optional.of(writing(descriptor)) : Optional.empty();
      outputs.put(descriptor, known);
    }
    return known;
  }

  /** Java has names for some; others must be opened again. */
  private InputStream reading(int descriptor) throws IOException {
    return switch (descriptor) {
      case 0 -> standardInput;
      case 1 -> new FileInputStream(FileDescriptor.out);
      case 2 -> new FileInputStream(FileDescriptor.err);
      default -> again(descriptor, file -> new FileInputStream(file.toFile()));
    };
  }

  private static OutputStream writing(int descriptor) throws IOException {
    return switch (descriptor) {
      case 1 -> new FileOutputStream(FileDescriptor.out);
      case 2 -> new FileOutputStream(FileDescriptor.err);
      default -> again(descriptor, file -> new FileOutputStream(file.toFile(), true));
    };
  }

  private interface Opening<T> {
    T open(Path file) throws IOException;
  }

  /** A named pipe is held open at both ends meanwhile: its other end may have been closed. */
  private static <T> T again(int descriptor, Opening<T> opening) throws IOException {
    Path file = OPEN.resolve(Integer.toString(descriptor));
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    if ((mode & TYPE) != FIFO) {
      return opening.open(file);
    }
    FileChannel both = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return opening.open(file);
    } finally {
      both.close();
    }
  }

  /** The link's own mode says for what the descriptor is open. */
  private boolean open(int descriptor, int bit) throws IOException {
    Path link = OPEN.resolve(Integer.toString(descriptor));
    if (closed.contains(descriptor) || descriptor > LAST) {
      return false;
    }
    if (!Files.isSymbolicLink(link)) {
      return descriptor <= STANDARD; // it cannot be seen: using it will tell
    }
    int mode =
        (Integer) Files.getAttribute(link, "unix:mode", java.nio.file.LinkOption.NOFOLLOW_LINKS);
    return (mode & bit) != 0 && (descriptor <= STANDARD || !ofJava(link));
  }

  /** Whether the JVM may have opened it for itself: its files are jars and such. */
  private static boolean ofJava(Path link) throws IOException {
    String target = Files.readSymbolicLink(link).toString();
    return target.endsWith(".jar") || target.endsWith("/modules") || target.endsWith(".jsa");
  }

  @Override
  public void rewind() throws IOException {
    standardInput.getChannel().position(0);
  }

  @Override
  public boolean inherited() {
    return true;
  }

  @Override
  public Set<Integer> closed() {
    return closed;
  }

  /** Hides what a FileInputStream does with a pipe up to JDK 17: it seeks to find its length. */
  private static final class Sequential extends InputStream {
    private final InputStream in;

    Sequential(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
