package org.sluice.control.cdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.InMemory;

/**
 * What was written is found, and a damaged file gives what is in it or an EOFException. The input:
 * where the damage begins (two octets; from 32768 on the file is cut there), its length, its
 * octets; then records: length of the key, length of the data, key, data.
 */
class CdbFuzzTest {
  private static final int CUT = 0x8000;
  private static final String CORRUPT = "corrupt";

  @TempDir(factory = InMemory.class)
  static Path directory;

  @FuzzTest
  void cdb(byte[] input) throws IOException {
    var in = ByteBuffer.wrap(input);
    if (in.remaining() < 3) {
      return;
    }
    int at = in.getShort() & 0xffff;
    byte[] damage = take(in, in.get() & 0xff);
    Map<String, String> records = new HashMap<>();
    Path file = directory.resolve("x.cdb");
    try {
      write(in, file, records);
      Set<String> keys = new LinkedHashSet<>(records.keySet());
      for (String key : records.keySet()) {
        keys.add(key + key);
        keys.add(key.substring(key.length() / 2));
      }
      keys.add("");
      for (String key : keys) {
        assertEquals(Optional.ofNullable(records.get(key)).orElse("absent"), find(file, key));
      }
      byte[] damaged = damaged(Files.readAllBytes(file), at, damage);
      Files.write(file, damaged);
      for (String key : keys) {
        assertEquals(plain(damaged, key.getBytes(ISO_8859_1)), find(file, key));
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] octets = new byte[Math.min(length, in.remaining())];
    in.get(octets);
    return octets;
  }

  private static void write(ByteBuffer in, Path file, Map<String, String> records)
      throws IOException {
    try (var writer = new CdbWriter(file)) {
      while (in.remaining() >= 2) {
        int keyLength = in.get() & 0xff;
        int dataLength = in.get() & 0xff;
        byte[] key = take(in, keyLength);
        byte[] data = take(in, dataLength);
        writer.add(key, data);
        records.putIfAbsent(new String(key, ISO_8859_1), new String(data, ISO_8859_1));
      }
      writer.commit();
    }
  }

  private static byte[] damaged(byte[] file, int at, byte[] damage) {
    if (at >= CUT) {
      return Arrays.copyOf(file, Math.min(file.length, at - CUT));
    }
    byte[] damaged = file.clone();
    for (int i = 0; i < damage.length && at + i < damaged.length; i++) {
      damaged[at + i] = damage[i];
    }
    return damaged;
  }

  private static String find(Path file, String key) throws IOException {
    try (var cdb = Cdb.open(file)) {
      return cdb.get(key.getBytes(ISO_8859_1)).map(d -> new String(d, ISO_8859_1)).orElse("absent");
    } catch (EOFException e) {
      return CORRUPT;
    }
  }

  /** The same with the whole file in memory. */
  private static String plain(byte[] file, byte[] key) {
    int h = 5381;
    for (byte b : key) {
      h = h * 33 ^ (b & 0xff);
    }
    var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int pointer = h % 256;
      pointer = (pointer < 0 ? pointer + 256 : pointer) * 8;
      long table = in.getInt(pointer) & 0xffffffffL;
      long slots = in.getInt(pointer + 4) & 0xffffffffL;
      long first = slots == 0 ? 0 : (h & 0xffffffffL) / 256 % slots;
      for (long i = 0; i < slots; i++) {
        int slot = Math.toIntExact(table + (first + i) % slots * 8);
        long record = in.getInt(slot + 4) & 0xffffffffL;
        if (record == 0) {
          return "absent";
        }
        if (in.getInt(slot) == h) {
          int at = Math.toIntExact(record);
          int keyLength = in.getInt(at);
          int dataLength = in.getInt(at + 4);
          if (keyLength == key.length && Arrays.equals(key, slice(file, at + 8, keyLength))) {
            return new String(slice(file, at + 8 + keyLength, dataLength), ISO_8859_1);
          }
        }
      }
      return "absent";
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      return CORRUPT;
    }
  }

  private static byte[] slice(byte[] file, int from, int length) {
    if (length < 0 || from + (long) length > file.length) {
      throw new IndexOutOfBoundsException();
    }
    return Arrays.copyOfRange(file, from, from + length);
  }
}
