package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 40 section 13.1. */
class MessageReaderTest {
  /** Fields and lines, the fields in brackets, LF as a slash. */
  @ParameterizedTest
  @CsvSource({
    "'','[]'",
    "'a: b','[a: b/]'",
    "'a: b/','[a: b/]'",
    "'a: b/ c/\td/e:f/','[a: b/ c/\td/|e:f/]'",
    "'a: b//x/y','[a: b/]/x/y/'",
    "'a: b/no field/y/','[a: b/]/no field/y/'",
    "'a: b/: x/','[a: b/]/: x/'",
    "'a: b/ : x//','[a: b/ : x/]/'",
    "' a: b/','[]/ a: b/'",
    "'/a: b/','[]/a: b/'",
    "'a \t: b/','[a \t: b/]'",
    "'bad name: b/','[]/bad name: b/'",
    "'From x/a: b/','[MBOX-Line: From x/|a: b/]'",
    "'a: b/From : x/ y//z','[a: b/|MBOX-Line: From : x/ y/]/z/'",
    "'a: b//From x/','[a: b/]/From x/'",
    "'a\u00e9: b/','[]/a\u00e9: b/'"
  })
  void splits(String message, String expected) throws IOException {
    byte[] bytes = message.replace('/', '\n').getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(expected, show(new ByteArrayInputStream(bytes)));
    assertEquals(expected, show(slow(bytes)));
    assertEquals(expected, blocks(new ByteArrayInputStream(bytes)));
    assertEquals(expected, blocks(slow(bytes)));
  }

  private static String blocks(InputStream in) throws IOException {
    var reader = new MessageReader(in);
    var out = fields(reader);
    byte[] block = new byte[8192];
    for (int n = reader.body(block); n >= 0; n = reader.body(block)) {
      out.append(new String(block, 0, n, StandardCharsets.ISO_8859_1));
    }
    return out.toString().replace('\n', '/');
  }

  private static String show(InputStream in) throws IOException {
    var reader = new MessageReader(in);
    var out = fields(reader);
    for (var line = reader.line(); line.isPresent(); line = reader.line()) {
      out.append(line.get());
    }
    return out.toString().replace('\n', '/');
  }

  private static StringBuilder fields(MessageReader reader) throws IOException {
    var out = new StringBuilder("[");
    for (var field = reader.field(); field.isPresent(); field = reader.field()) {
      out.append(out.length() > 1 ? "|" : "").append(field.get().text());
    }
    return out.append(']');
  }

  /** One octet at a time, as a pipe may give them. */
  private static InputStream slow(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] b, int off, int len) {
        return super.read(b, off, Math.min(len, 1));
      }
    };
  }

  @Test
  void matchesNamesAndFindsValues() {
    var field = new MessageField("SUBJect \t:\r\n \tone\n two\n");
    assertTrue(field.is("Subject"));
    assertFalse(field.is("Subjec"));
    assertFalse(field.is("Subject "));
    assertEquals("one\n two\n", field.value());
    assertEquals("", new MessageField("a: \n").value());
  }

  @Test
  void longLinesComeInPartsAndNothingIsLost() throws IOException {
    String line = "x".repeat(30_000);
    var reader =
        new MessageReader(
            new ByteArrayInputStream(
                (line + "\nend").getBytes(StandardCharsets.ISO_8859_1))); // no colon: a body
    List<String> parts =
        Stream.iterate(line(reader), l -> !l.isEmpty(), l -> line(reader)).toList();
    assertEquals("\n" + line + "\nend\n", String.join("", parts));
    assertTrue(parts.stream().allMatch(p -> p.length() <= 8192));
  }

  @Test
  void aLineThatFillsAPartExactlyGetsItsLineFeed() throws IOException {
    var reader =
        new MessageReader(
            new ByteArrayInputStream(
                ("\n" + "x".repeat(8192)).getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals("\n", line(reader));
    assertEquals("x".repeat(8192), line(reader));
    assertEquals("\n", line(reader));
    assertEquals("", line(reader));
  }

  @Test
  void endlessFieldsAreCut() throws IOException {
    String field = "a: " + "x".repeat(HeaderReader.LIMIT) + "\nb: c\n\nbody\n";
    var reader =
        new MessageReader(new ByteArrayInputStream(field.getBytes(StandardCharsets.ISO_8859_1)));
    String text = reader.field().orElseThrow().text();
    assertTrue(text.length() <= HeaderReader.LIMIT + 1 && text.endsWith("x\n"));
    assertTrue(reader.cut());
    assertEquals("b: c\n", reader.field().orElseThrow().text());
    assertEquals("\n", line(reader));
    assertEquals("body\n", line(reader));
  }

  @Test
  void aLongBodyComesInBlocks() throws IOException {
    String body = "x".repeat(30_000);
    var reader =
        new MessageReader(
            new ByteArrayInputStream(("a: b\n\n" + body).getBytes(StandardCharsets.ISO_8859_1)), 3);
    assertEquals("a: b\n", reader.field().orElseThrow().text());
    var all = new java.io.ByteArrayOutputStream();
    byte[] block = new byte[20_000];
    for (int n = reader.body(block); n >= 0; n = reader.body(block)) {
      all.write(block, 0, n);
    }
    assertEquals("\n" + body + "\n", all.toString(StandardCharsets.ISO_8859_1));
    assertEquals(-1, reader.body(block));
  }

  private static String line(MessageReader reader) {
    try {
      return reader.line().orElse("");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
