package org.sluice.base.program;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the system looks at of a binary before it takes it for one (elf(5)): a file that only begins
 * like one, cut off for example, is none, and execve(2) refuses it.
 *
 * @param own the word size and machine of this process's binary
 */
record ElfHead(Kind own) {
  /** How a binary begins. */
  static final String MAGIC = "\177ELF";

  /** What this machine runs is like this process; empty if that cannot be read. */
  static final Optional<ElfHead> SYSTEM = of(Path.of("/proc/self/exe"));

  /** More than the longest header. */
  private static final int LENGTH = 64;

  private static final int WORDS = 4;
  private static final int TYPE = 16;
  private static final int MACHINE = 18;
  private static final byte WIDE = 2;

  /** ET_EXEC and ET_DYN. */
  private static final Set<Short> PROGRAMS = Set.of((short) 2, (short) 3);

  /** Machines of which a system may run both: i386 and x86-64, arm and aarch64, both PowerPCs. */
  private static final List<Set<Short>> FAMILIES =
      List.of(
          Set.of((short) 3, (short) 62),
          Set.of((short) 40, (short) 183),
          Set.of((short) 20, (short) 21));

  /** Sizes of words (1 for 32 bits, 2 for 64) and machine. */
  record Kind(byte words, short machine) {}

  private static Optional<ElfHead> of(Path binary) {
    try (var in = Files.newInputStream(binary)) {
      ByteBuffer head = buffer(in.readNBytes(LENGTH));
      return Optional.of(new ElfHead(new Kind(head.get(WORDS), head.getShort(MACHINE))));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static ByteBuffer buffer(byte[] head) {
    return ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
  }

  /**
   * Whether execve(2) fails with ENOEXEC. What is said of other machines' binaries and of those of
   * a sibling is a guess on the safe side: then it is tried.
   *
   * @param bytes the beginning of the file
   * @param size of the file
   */
  boolean refused(byte[] bytes, long size) {
    ByteBuffer head = buffer(bytes);
    try {
      if (!PROGRAMS.contains(head.getShort(TYPE))) {
        return true;
      }
      var kind = new Kind(head.get(WORDS), head.getShort(MACHINE));
      return kind.equals(own) ? !hasSegments(head, size) : !sibling(kind);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      return true; // cut off
    }
  }

  private boolean sibling(Kind kind) {
    return kind.machine() == own.machine()
        || FAMILIES.stream().anyMatch(f -> f.contains(kind.machine()) && f.contains(own.machine()));
  }

  /** The table that says what is to be loaded is within the file. */
  private boolean hasSegments(ByteBuffer head, long size) {
    boolean wide = own.words() == WIDE;
    long table = wide ? head.getLong(32) : Integer.toUnsignedLong(head.getInt(28));
    int entry = head.getShort(wide ? 54 : 42);
    int entries = Short.toUnsignedInt(head.getShort(wide ? 56 : 44));
    return entry == (wide ? 56 : 32)
        && entries > 0
        && table >= 0
        && table <= size
        && (long) entries * entry <= size - table;
  }
}
