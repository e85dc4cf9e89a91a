package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec 30 section 1.1, list mode. */
class ControlLinesTest {
  @Test
  void readsLists() {
    assertEquals(
        List.of("a", " b", " #c", "d\r", "e"),
        ControlLines.lines("a \t\n\n \t\n#x\n b\n #c\nd\r\ne"));
    assertEquals(List.of(), ControlLines.lines(""));
  }

  @Test
  void aNulSplitsALine() {
    assertEquals(
        List.of("a", "#b ", "c", "d", "", ""),
        ControlLines.lines("a\0#b \0c \t\n#x\0y\n\0never\nd\0\0 \n\0\n"));
  }
}
