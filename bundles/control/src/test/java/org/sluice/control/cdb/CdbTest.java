package org.sluice.control.cdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdbTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void findsWhatWasWritten() throws IOException {
    Path file = directory.resolve("x.cdb");
    try (var writer = new CdbWriter(file)) {
      for (int i = 0; i < 3000; i++) {
        writer.add(bytes("key" + i), bytes("data" + i));
      }
      writer.add(bytes("key7"), bytes("later duplicate"));
      writer.add(bytes(""), bytes(""));
      writer.commit();
    }
    try (var cdb = Cdb.open(file)) {
      for (int i = 0; i < 3000; i++) {
        assertArrayEquals(bytes("data" + i), cdb.get(bytes("key" + i)).orElseThrow());
      }
      assertEquals(0, cdb.get(bytes("")).orElseThrow().length);
      assertTrue(cdb.get(bytes("absent")).isEmpty());
    }
  }

  @Test
  void knowsHowKeysBegin() throws IOException {
    Path file = directory.resolve("x.cdb");
    try (var writer = new CdbWriter(file)) {
      writer.add(bytes("a"), bytes("[d"));
      writer.add(bytes(""), bytes("[e"));
      writer.add(bytes("=b["), bytes(""));
      writer.add(bytes(""), bytes(""));
      writer.commit();
    }
    try (var cdb = Cdb.open(file)) {
      assertTrue(cdb.anyKey((byte) 'a'));
      assertTrue(cdb.anyKey((byte) '='));
      assertFalse(cdb.anyKey((byte) '['));
      assertFalse(cdb.anyKey((byte) 0));
    }
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2060));
    try (var cdb = Cdb.open(file)) {
      assertThrows(IOException.class, () -> cdb.anyKey((byte) '['));
    }
  }

  @Test
  void hashesAsTheFormatSays() {
    assertEquals(5381, Cdb.hash(bytes("")));
    assertEquals((5381 * 33) ^ 'a', Cdb.hash(bytes("a")));
  }

  @Test
  void emptyDatabaseHasTheHeaderOnly() throws IOException {
    Path file = directory.resolve("empty.cdb");
    try (var writer = new CdbWriter(file)) {
      writer.commit();
    }
    assertEquals(2048, Files.size(file));
    try (var cdb = Cdb.open(file)) {
      assertFalse(cdb.anyKey((byte) 'x'));
      assertTrue(cdb.get(bytes("x")).isEmpty());
    }
  }

  @Test
  void withoutCommitTheOldFileStays() throws IOException {
    Path file = directory.resolve("x.cdb");
    Files.writeString(file, "old");
    try (var writer = new CdbWriter(file)) {
      writer.add(bytes("a"), bytes("b"));
    }
    assertEquals("old", Files.readString(file));
  }

  @Test
  void truncatedFileIsAnErrorNotAnAnswer() throws IOException {
    Path file = directory.resolve("x.cdb");
    try (var writer = new CdbWriter(file)) {
      writer.add(bytes("a"), bytes("b"));
      writer.commit();
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 2050));
    try (var cdb = Cdb.open(file)) {
      assertThrows(IOException.class, () -> cdb.get(bytes("a")));
    }
  }
}
