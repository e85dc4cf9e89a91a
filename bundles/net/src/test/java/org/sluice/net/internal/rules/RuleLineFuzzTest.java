package org.sluice.net.internal.rules;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.net.internal.FourPrefix;
import org.sluice.net.internal.SixPrefix;

/** Lines of rules, once more by regular expressions (spec 20 sections 4.2 to 4.4). */
class RuleLineFuzzTest {
  private static final Pattern RULE = Pattern.compile("(?s)([^:]*):(allow|deny)(.*)");
  private static final Pattern SIX = Pattern.compile("(?s)\\[((?:(?!\\]:).)*)\\]:(allow|deny)(.*)");
  private static final Pattern FOUR = Pattern.compile("\\[(\\d[\\d./-]*)\\]");
  private static final Pattern NAME = Pattern.compile("(?s),([^=]*)=(.)");
  private static final Pattern RANGE =
      Pattern.compile("(?s)((?:[^-]*\\.)?)([^.-]*)-([^.]*)((?:\\..*)?)");
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

  @DictionaryEntries({
    "127.0.0.1:allow",
    ":deny",
    "10.1-5.:allow",
    ",RELAYCLIENT=\"\"",
    "user@host:",
    "=.example:",
    "[2001:db8::/32]:allow",
    "[192.0.2.0/24]:deny",
    "#",
    "18446744073709551616"
  })
  @FuzzTest
  void line(byte[] input) {
    String line = new String(input, ISO_8859_1);
    Optional<Optional<RuleLine>> parsed;
    try {
      parsed = Optional.of(RuleLine.parse(line));
    } catch (RuleLine.Malformed e) {
      parsed = Optional.empty();
    }
    assertEquals(plain(line), parsed);
    SixPrefix.key(line).ifPresent(key -> assertEquals(Optional.of(key), SixPrefix.key(key)));
    FourPrefix.key(line)
        .ifPresent(
            key ->
                assertEquals(Optional.of(key), FourPrefix.key(key.substring(1, key.length() - 1))));
  }

  /** Empty if it is no rule; of nothing if it says nothing. */
  private static Optional<Optional<RuleLine>> plain(String line) {
    if (line.startsWith("#") || line.indexOf(':') < 0) {
      return Optional.of(Optional.empty());
    }
    var six = SIX.matcher(line);
    int close = line.indexOf("]:");
    Optional<String> key =
        line.startsWith("[") && close > 0
            ? SixPrefix.key(line.substring(1, close))
            : Optional.empty();
    var rule = key.isPresent() ? six : RULE.matcher(line);
    if (!rule.matches()) {
      return Optional.empty();
    }
    Optional<String> data =
        variables(rule.group(3)).map(v -> rule.group(2).equals("deny") ? "D\0" + v : v);
    Optional<List<String>> addresses = key.map(List::of).or(() -> addresses(rule.group(1)));
    return addresses.flatMap(a -> data.map(d -> Optional.of(new RuleLine(a, d))));
  }

  private static Optional<String> variables(String text) {
    var data = new StringBuilder();
    String rest = text;
    while (!rest.isEmpty()) {
      var name = NAME.matcher(rest);
      if (!name.lookingAt()) {
        return Optional.empty();
      }
      String[] value = rest.substring(name.end()).split(Pattern.quote(name.group(2)), 2);
      if (value.length < 2) {
        return Optional.empty();
      }
      data.append('+').append(name.group(1)).append('=').append(value[0]).append('\0');
      rest = value[1];
    }
    return Optional.of(data.toString());
  }

  private static Optional<List<String>> addresses(String text) {
    var four = FOUR.matcher(text);
    if (four.matches()) {
      return FourPrefix.key(four.group(1)).map(List::of);
    }
    var range = RANGE.matcher(text);
    if (text.matches("(?s).*[=@].*") || !range.matches()) {
      return Optional.of(List.of(text));
    }
    String left = range.group(2).replaceFirst("(?s)\0.*", "");
    String right = range.group(3).replaceFirst("(?s)\0.*", "");
    if (!left.matches("[0-9]*") || !right.matches("[0-9]*")) {
      return Optional.empty();
    }
    BigInteger last = number(right).min(BigInteger.valueOf(255));
    List<String> all = new ArrayList<>();
    for (BigInteger i = number(left); i.compareTo(last) <= 0; i = i.add(BigInteger.ONE)) {
      all.add(range.group(1) + i + range.group(4));
    }
    return Optional.of(all);
  }

  private static BigInteger number(String digits) {
    return new BigInteger("0" + digits).mod(MODULUS);
  }
}
