package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
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
    "-/ x,/,x",
    "-f --foo -r,f,-r",
    "-c --foo x,c--foo,x"
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
    "-f-r,illegal option -- -",
    "-c,option requires an argument -- c"
  })
  void refuses(String arguments, String words) {
    var exit = assertThrows(ProgramExit.class, () -> Options.parse("frdc:/", words(arguments)));
    assertEquals(words, exit.getMessage());
  }

  @Test
  void anOptionAtATime() throws ProgramExit {
    var reader = new OptionReader("Ef", words("-EEbc -f -q x"));
    assertEquals('E', reader.next().orElseThrow().letter());
    reader.skipWord();
    assertEquals('f', reader.next().orElseThrow().letter());
    assertThrows(ProgramExit.class, reader::next);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
