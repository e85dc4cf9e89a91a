package org.sluice.tools.door.client;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.program.Descriptors;

/** This process's own descriptors. */
final class ProcessDescriptors implements Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");

  /** Descriptors above 2 that this process began with; the JVM opens others for itself later. */
  private static final int LAST = 9;

  private final FileInputStream standardInput = new FileInputStream(FileDescriptor.in);
  private final Map<Integer, Optional<InputStream>> inputs = new HashMap<>();
  private final Map<Integer, Optional<OutputStream>> outputs = new HashMap<>();

  ProcessDescriptors() {
    inputs.put(0, Optional.of(new Sequential(standardInput)));
    outputs.put(1, Optional.of(new FileOutputStream(FileDescriptor.out)));
    outputs.put(2, Optional.of(new FileOutputStream(FileDescriptor.err)));
  }

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    Optional<InputStream> known = inputs.get(descriptor);
    if (known == null) {
      known =
          passed(descriptor, 0400)
              ? Optional.of(
                  new Sequential(new FileInputStream(OPEN.resolve("" + descriptor).toFile())))
              : Optional.empty();
      inputs.put(descriptor, known);
    }
    return known;
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    Optional<OutputStream> known = outputs.get(descriptor);
    if (known == null) {
      known =
          passed(descriptor, 0200)
              ? Optional.of(new FileOutputStream(OPEN.resolve("" + descriptor).toFile(), true))
              : Optional.empty();
      outputs.put(descriptor, known);
    }
    return known;
  }

  /**
   * The link's own mode says for what the descriptor is open; the JVM's files are jars and such.
   */
  private static boolean passed(int descriptor, int bit) throws IOException {
    Path link = OPEN.resolve(Integer.toString(descriptor));
    if (descriptor > LAST || !Files.isSymbolicLink(link)) {
      return false;
    }
    String target = Files.readSymbolicLink(link).toString();
    boolean own = target.endsWith(".jar") || target.endsWith("/modules") || target.endsWith(".jsa");
    int mode =
        (Integer) Files.getAttribute(link, "unix:mode", java.nio.file.LinkOption.NOFOLLOW_LINKS);
    return !own && (mode & bit) != 0;
  }

  @Override
  public void rewind() throws IOException {
    standardInput.getChannel().position(0);
  }

  @Override
  public boolean inherited() {
    return true;
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
