package org.sluice.delivery.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "forward joe@example.org",
        "  forward\ta-b_c.d@x+y  50%  ",
        "bouncesaying 'No such user. (#5.1.1)' [ x = x ]",
        "except bouncesaying \"it's \" '' \"\" '\"$x\\'",
        "f a'b c'\"d e\"f",
        "f a=b --opt=c,d:e/f",
      })
  void asTheShellSplitsThem(String line) throws Exception {
    List<String> words = CommandWords.of(line);
    if (words.isEmpty()) {
      assertTrue(line.contains("["), line);
      return;
    }
    // The shell's own opinion: each word on a line of its own.
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "printf '%s\\n' " + line.strip())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(60, TimeUnit.SECONDS));
    assertEquals(said, String.join("\n", words) + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f $x",
        "f `x`",
        "f \"$x\"",
        "f \"`x`\"",
        "f \"a\\b\"",
        "f a\\b",
        "f a;b",
        "f a&b",
        "f a|b",
        "f <x",
        "f >x",
        "f (x)",
        "f *",
        "f a?b",
        "f [ab]",
        "f ~",
        "f #x",
        "f {a,b}",
        "f !x",
        "x=1 f",
        "x=1",
        "f 'a",
        "f \"a",
        "f a\nb",
        "f \"a\nb\"",
        "f caf\u00e9",
        "f a\rb",
        "'a=b' c",
        "",
        " \t"
      })
  void theRestIsForTheShell(String line) {
    assertEquals(List.of(), CommandWords.of(line));
  }

  @Test
  void quotedWordsMayHaveAnyOctet() {
    assertEquals(List.of("f", "caf\u00e9\n*"), CommandWords.of("f 'caf\u00e9\n*'"));
  }
}
