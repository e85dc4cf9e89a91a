package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.filter.MessageEdits;
import org.sluice.base.HeaderReader;

/** What changed messages look like, byte by byte. */
class HeaderEditsTest {
  @TempDir Path spool;

  private String edit(String text, Consumer<MessageEdits> change) throws Exception {
    var edits = new Edits();
    change.accept(edits);
    Changes changes = edits.changes(Bench.message(text), new SpoolDirectory(spool));
    try (changes) {
      return Bench.text(changes.message().orElseThrow());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static MessageEdits.BodyWriter body(String text) {
    return out -> out.write(bytes(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A: b\n\nbody\n",
        "Subject : x\nA\t:y\n\nbody",
        "A: \u00e9\u00ff\n\u00a0b\n\nx",
        "A:\n \n\tb\n c\nB:x\n\n\n",
        "A: b\r\nC: d\r\n\r\nbody\r\n",
        "A: b\n",
        "A: b",
        "A: b\nno field\nC: d\n\nx",
        "A: nul\0\n\n\0",
        "A: b\n\n"
      })
  void everyFieldThatIsNotNamedStaysAsItIs(String text) throws Exception {
    assertEquals("X: 1\n" + text, edit(text, e -> e.addHeader("X", "1")));
    String framed = "Y: old\n fold\n" + text;
    assertEquals("y: new\n" + text, edit(framed, e -> e.replaceHeader("y", 0, "new")));
    assertEquals(text, edit(framed, e -> e.removeHeader("Y", 0)));
  }

  @Test
  void withoutAHeaderTheWholeMessageIsBody() throws Exception {
    Consumer<MessageEdits> add = e -> e.addHeader("X", "1");
    assertEquals("X: 1\n\nbody\n", edit("\nbody\n", add));
    assertEquals("X: 1\n\nno field\nA: b\n", edit("no field\nA: b\n", add));
    assertEquals("X: 1\n\n folded: x\n", edit(" folded: x\n", add));
    assertEquals("X: 1\n", edit("", add));
  }

  @Test
  void changesCountFromWhatTheEarlierOnesLeft() throws Exception {
    String text = "A: 1\nB: 2\na : 3\n\nx";
    assertEquals(
        "A: 0\nB: 2\na : 3\n\nx", edit(text, e -> e.removeHeader("A", 0).addHeader("A", "0")));
    assertEquals("A: 1\nB: 2\n\nx", edit(text, e -> e.removeHeader("A", 1)));
    assertEquals("B: 2\n\nx", edit(text, e -> e.removeHeader("A", 1).removeHeader("A", 0)));
    assertEquals("Y: 2\nX: 1\n" + text, edit(text, e -> e.addHeader("X", "1").addHeader("Y", "2")));
    assertEquals("\nbody", edit("A: b\n\nbody", e -> e.removeHeader("A", 0)));
  }

  @Test
  void aNewBodyFollowsTheHeader() throws Exception {
    for (String text : List.of("A: b\n\nold\n", "A: b\n", "A: b", "A: b\nno field\n\nold")) {
      assertEquals("A: b\n\nnew", edit(text, e -> e.replaceBody(body("new"))), text);
    }
    assertEquals("\nnew", edit("no header", e -> e.replaceBody(body("new"))));
    assertEquals(
        "X: 1\n\nlast",
        edit("", e -> e.replaceBody(body("first")).addHeader("X", "1").replaceBody(body("last"))));
  }

  @Test
  void aLongMessageIsNoDifferent() throws Exception {
    String text = "A: b\n\n" + "\u00e9 long body\n".repeat(200_000);
    assertEquals("X: 1\n" + text, edit(text, e -> e.addHeader("X", "1")));
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  @Test
  void aHeaderOverTheLimitTakesFieldsOnTopOnly() throws Exception {
    String text = "A: " + "x".repeat(HeaderReader.LIMIT) + "\nB: c\n\nbody";
    assertEquals("X: 1\n" + text, edit(text, e -> e.addHeader("X", "1")));
    assertThrows(LocalTrouble.class, () -> edit(text, e -> e.removeHeader("B", 0)));
    assertThrows(LocalTrouble.class, () -> edit(text, e -> e.replaceBody(body("new"))));
  }

  @Test
  void aFieldThatIsNotThereIsTheFiltersMistake() {
    for (int index : new int[] {1, -1}) {
      assertThrows(
          IllegalArgumentException.class, () -> edit("A: b\n\n", e -> e.removeHeader("A", index)));
      assertThrows(
          IllegalArgumentException.class,
          () -> edit("A: b\n\n", e -> e.replaceHeader("A", index, "c")));
    }
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "\u00e9", "a\n", "a\0"})
  void namesAreChecked(String name) {
    assertThrows(IllegalArgumentException.class, () -> new Edits().addHeader(name, "x"));
    assertThrows(IllegalArgumentException.class, () -> new Edits().replaceHeader(name, 0, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\n", "a\r", "a\r\n b", "\0", "\u0100"})
  void valuesAreChecked(String value) {
    assertThrows(IllegalArgumentException.class, () -> new Edits().addHeader("A", value));
    assertThrows(IllegalArgumentException.class, () -> new Edits().replaceHeader("A", 0, value));
  }

  @Test
  void foldedAndEightBitValuesAreFine() throws Exception {
    assertEquals("A: \u00e9\n\tb\n\nx", edit("\nx", e -> e.addHeader("A", "\u00e9\n\tb")));
  }

  @Test
  void aWriterThatFailsIsTheFiltersFailure() {
    var failure =
        assertThrows(
            org.sluice.api.filter.FilterException.class,
            () ->
                edit(
                    "A: b\n\n",
                    e ->
                        e.replaceBody(
                            out -> {
                              out.write(new byte[100_000]);
                              throw new IOException("no more");
                            })));
    assertTrue(failure.getCause().getMessage().contains("no more"));
    assertEquals(0, spool.toFile().list().length, "files left");
  }
}
