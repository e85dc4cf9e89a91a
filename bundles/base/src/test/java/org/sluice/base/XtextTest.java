package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {
  @Test
  void decodes() {
    assertEquals(Optional.of(""), Xtext.decode(""));
    assertEquals(Optional.of("a+b=c d\u00e9"), Xtext.decode("a+2Bb+3Dc+20d+E9"));
    assertEquals(Optional.of("+"), Xtext.decode("+2B"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a=b", "+", "+2", "+2G", "+2b", "+e9", "+ 2", "\u00e9", "a\u007f"})
  void noXtext(String text) {
    assertEquals(Optional.empty(), Xtext.decode(text));
  }
}
