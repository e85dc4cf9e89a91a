package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 40 section 3. */
class AssignmentTest {
  @Test
  void records() {
    assertEquals(
        Optional.of(new Assignment("!joe\0", "joe\0001\0001\0/h\0\0", Optional.empty())),
        Assignment.parse("=Joe:joe:1:1:/h:::"));
    assertEquals(
        Optional.of(new Assignment("!list-", "joe\0001\0002\0/h\0-\0pre", Optional.of('-'))),
        Assignment.parse("+LIST-:joe:1:2:/h:-:pre:and:more"));
    assertEquals(Optional.of('Q'), Assignment.parse("+Q:a:1:1:/:::").orElseThrow().wildcard());
    assertEquals(
        Optional.of(new Assignment("!", "a\0001\0001\0/\0-\0", Optional.empty())),
        Assignment.parse("+:a:1:1:/:-::"));
    assertEquals("!x\0", Assignment.parse("?x:a:1:1:/:::").orElseThrow().key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "joe", ":a:1:1:/:::", "=joe:joe:1:1:/h::", "=joe\0:joe:1:1:/h:::"})
  void badFormats(String line) {
    assertEquals(Optional.empty(), Assignment.parse(line));
  }
}
