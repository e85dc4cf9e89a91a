package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Netstrings, well formed and hostile ones. */
class NetstringTest {
  private int flushes;

  private NetstringReader reader(String text) {
    return reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private NetstringReader reader(InputStream in) {
    return new NetstringReader(in, () -> flushes++);
  }

  /** A byte for ever. */
  private static InputStream endless(char octet) {
    return new InputStream() {
      @Override
      public int read() {
        return octet;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        Arrays.fill(bytes, offset, offset + length, (byte) octet);
        return length;
      }
    };
  }

  @Test
  void writes() {
    assertEquals("5:hello,", text(Netstring.of("hello")));
    assertEquals("0:,", text(Netstring.of("")));
    assertEquals("1:\u00ff,", text(Netstring.of("\u00ff")));
    assertEquals(8, Netstring.size(5));
    assertEquals(14, Netstring.size(10));
  }

  @Test
  void reads() throws IOException {
    var in = reader("0003:abc,:,4:\0\u00ff,:,");
    assertEquals(3, in.length());
    assertEquals("abc", text(in.octets(3)));
    in.comma();
    assertEquals(0, in.length());
    in.comma();
    var copy = new ByteArrayOutputStream();
    in.copy(in.length(), copy);
    in.comma();
    assertEquals("\0\u00ff,:", text(copy.toByteArray()));
    assertFalse(in.buffered());
    assertFalse(in.await());
    assertThrows(EOFException.class, in::octet);
    assertTrue(flushes >= 2, "flushed before each read");
  }

  @Test
  void copiesAcrossBuffers() throws IOException {
    String body = "0123456789".repeat(10_000);
    var in = reader(text(Netstring.of(body)) + "1:x,");
    var copy = new ByteArrayOutputStream();
    in.copy(in.length(), copy);
    in.comma();
    assertEquals(body, text(copy.toByteArray()));
    assertEquals("x", text(in.octets((int) in.length())));
  }

  @Test
  void longestLength() throws IOException {
    assertEquals(2_000_000_009L, reader("2000000009:").length());
    assertEquals(200_000_001L, reader("200000001:").length());
    assertEquals(111, status(reader("2000000010:")));
    assertEquals(111, status(reader("99999999999999999999999999:")));
    assertEquals(111, status(reader(endless('9'))));
  }

  @Test
  void endlessZerosMeetTheLimit() {
    var in = reader(endless('0'));
    in.limit(100);
    assertEquals(100, status(in));
  }

  @Test
  void malformed() {
    for (String text : new String[] {"x", "-1:", " 1:", "1x:", "\n", "\u00b9:"}) {
      assertEquals(100, status(reader(text)), text);
    }
    var in = reader("abc;");
    assertThrows(NetstringException.class, in::comma);
    assertThrows(EOFException.class, () -> reader("12").length());
  }

  @Test
  void laxLengthCountsFromZero() throws IOException {
    assertEquals(10, reader(":0:").laxLength() + reader("::").laxLength() + 10);
    assertEquals(24, reader("1>:").laxLength());
    // Below the digits: a huge unsigned number, so one octet more is too much.
    assertThrows(NetstringException.class, () -> reader(" 1:").laxLength());
  }

  @Test
  void limitHoldsForEveryWayToRead() {
    var in = reader("12345");
    in.limit(2);
    assertThrows(NetstringException.class, () -> in.octets(3));
    assertEquals(0, in.left());
    assertThrows(NetstringException.class, in::octet);
    assertThrows(NetstringException.class, () -> in.skip(1));
  }

  private static int status(NetstringReader in) {
    return assertThrows(NetstringException.class, in::length).status();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
