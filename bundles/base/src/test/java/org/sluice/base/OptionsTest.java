package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 40 section 1. */
class OptionsTest {
  @ParameterizedTest
  @CsvSource({
    "'','',''",
    "a b,'',a b",
    "-f x,f,x",
    "-fr -d x -f,f r d,x -f",
    "-c+ x,c+,x",
    "-c + x,c+,x",
    "-fc+r x,f c+r,x",
    "-f -- -r,f,-r",
    "-f - -r,f,- -r",
    "-/ x,/,x"
  })
  void parses(String arguments, String options, String operands) throws ProgramExit {
    Options parsed = Options.parse("frdc:/", words(arguments));
    assertEquals(
        words(options), parsed.options().stream().map(o -> o.letter() + o.value()).toList());
    assertEquals(words(operands), parsed.operands());
  }

  @ParameterizedTest
  @CsvSource({
    "-q,illegal option -- q",
    "-fq,illegal option -- q",
    "-:,illegal option -- :",
    "-c,option requires an argument -- c"
  })
  void refuses(String arguments, String words) {
    var exit = assertThrows(ProgramExit.class, () -> Options.parse("frdc:/", words(arguments)));
    assertEquals(words, exit.getMessage());
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
