package org.sluice.base;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * flock(2) on a file, which qmail's own programs use and Java lacks. It belongs to a descriptor of
 * its own, and closing that gives up this process's record locks on the file too: close it last.
 */
final class Flock implements Closeable {
  private static final Optional<NativeFunction> OPEN =
      NativeFunction.find("open", "ADDRESS", "JAVA_INT");
  private static final Optional<NativeFunction> FLOCK =
      NativeFunction.find("flock", "JAVA_INT", "JAVA_INT");
  private static final Optional<NativeFunction> CLOSE = NativeFunction.find("close", "JAVA_INT");

  /** Linux's numbers. */
  private static final int WRITE_ONLY_CLOEXEC = 02000001;

  private static final int EXCLUSIVE_NOW = 6;
  private static final int UNLOCK = 8;
  private static final int WOULD_BLOCK = -11;
  private static final int INTERRUPTED = -4;

  private final int descriptor;

  private Flock(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens a file that exists; empty if that fails, or this JVM cannot do it. */
  static Optional<Flock> open(Path file) {
    byte[] name = PathBytes.bytes(file).getBytes(StandardCharsets.ISO_8859_1);
    if (OPEN.isEmpty() || FLOCK.isEmpty() || CLOSE.isEmpty() || !linux() || tooLong(name)) {
      return Optional.empty();
    }
    int descriptor = OPEN.get().call(name, WRITE_ONLY_CLOEXEC);
    return descriptor < 0 ? Optional.empty() : Optional.of(new Flock(descriptor));
  }

  private static boolean linux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private static boolean tooLong(byte[] name) {
    return name.length > NativeFunction.LONGEST;
  }

  /**
   * Takes the lock if nobody has it; does not wait.
   *
   * @throws IOException if the file cannot be locked so
   */
  boolean tryLock() throws IOException {
    int result = FLOCK.orElseThrow().call(descriptor, EXCLUSIVE_NOW);
    if (result == WOULD_BLOCK || result == INTERRUPTED) {
      return false;
    }
    if (result < 0) {
      throw new IOException("flock fails with error " + -result);
    }
    return true;
  }

  /** Gives it up, and keeps the file open. */
  void unlock() {
    FLOCK.orElseThrow().call(descriptor, UNLOCK);
  }

  @Override
  public void close() {
    CLOSE.orElseThrow().call(descriptor);
  }
}
