package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AsciiTest {
  @Test
  void onlyTheLettersOfAsciiHaveCase() {
    assertEquals("az@[`{\u00c9", Ascii.lower("AZ@[`{\u00c9"));
    assertEquals("AZ@[`{\u00e9", Ascii.upper("az@[`{\u00e9"));
    assertTrue(Ascii.equal("A.Example", "a.eXAMPLE"));
    assertFalse(Ascii.equal("\u00c9", "\u00e9"));
    assertFalse(Ascii.equal("a", "ab"));
    assertFalse(Ascii.equal("a", "b"));
    assertTrue(Ascii.startsWith("From: x", "fROM:"));
    assertFalse(Ascii.startsWith("Fro", "from"));
  }
}
