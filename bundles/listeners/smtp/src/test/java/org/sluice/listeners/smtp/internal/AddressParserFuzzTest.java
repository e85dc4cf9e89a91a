package org.sluice.listeners.smtp.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.LocalAddresses;

/** Spec 20 section 7.4, once more by regular expressions. */
class AddressParserFuzzTest {
  private static final int LONGEST = 899;
  private static final OwnAddresses NO_NAME =
      new OwnAddresses(Optional.empty(), LocalAddresses::ofSystem);
  private static final OwnAddresses NAME =
      new OwnAddresses(Optional.of("me.example"), LocalAddresses::ofSystem);

  /** In angle brackets, or behind the colon up to a blank; a source route is dropped. */
  private static final Pattern BRACKET = Pattern.compile("(?s)[^<]*+<(?:@[^:]*+(?::|$))?+(.*)");

  private static final Pattern COLON =
      Pattern.compile("(?s)[^:]*+(?::\\x20*+|$)(?:@[^:]*+(?::|$))?+(.*)");
  private static final Pattern WORD = Pattern.compile("(?s)\\\\.?|[^\\\\]");

  @DictionaryEntries({"FROM:<", "TO:<", "<@a,@b:", "@[127.0.0.1]>", "\\\"", " SIZE=1"})
  @FuzzTest
  void path(byte[] input) {
    String argument = new String(input, ISO_8859_1);
    Optional<AddressParser.Path> path = AddressParser.parse(argument, NO_NAME);
    assertEquals(plain(argument), path);
    path.ifPresent(p -> parameters(p.rest()));

    var own = AddressParser.parse(argument, NAME);
    own.ifPresent(p -> assertTrue(sameOrOwn(p, path), p::address));

    String escaped = WORD.matcher(argument.replace("\\", "")).replaceAll("\\\\$0");
    String unescaped = argument.replace("\\", "");
    assertEquals(
        unescaped.length() > LONGEST
            ? Optional.empty()
            : Optional.of(new AddressParser.Path(unescaped, " X")),
        AddressParser.parse("FROM:<" + escaped + "> X", NO_NAME));
  }

  private static boolean sameOrOwn(AddressParser.Path path, Optional<AddressParser.Path> raw) {
    return raw.equals(Optional.of(path))
        || path.address().endsWith("@me.example")
            && raw.map(r -> r.address().endsWith("]") && r.rest().equals(path.rest())).orElse(true);
  }

  private static void parameters(String rest) {
    StringBuilder joined = new StringBuilder();
    for (SmtpParameter parameter : Parameters.parse(rest)) {
      assertTrue(!parameter.keyword().isEmpty() || parameter.value().isPresent());
      joined.append(parameter.keyword());
      parameter.value().ifPresent(v -> joined.append('=').append(v));
    }
    assertTrue(joined.toString().equalsIgnoreCase(rest.replaceAll("[ \t]", "")), joined::toString);
  }

  private static Optional<AddressParser.Path> plain(String argument) {
    var bracket = BRACKET.matcher(argument);
    var colon = COLON.matcher(argument);
    boolean inBrackets = bracket.matches();
    String text = inBrackets ? bracket.group(1) : colon.matches() ? colon.group(1) : "";
    String terminator = inBrackets ? ">" : " ";
    var address = new StringBuilder();
    boolean quoted = false;
    String rest = "";
    var word = WORD.matcher(text);
    while (word.find()) {
      if (word.group().equals(terminator) && !quoted) {
        rest = text.substring(word.end());
        break;
      }
      if (word.group().equals("\"")) {
        quoted = !quoted;
      } else {
        address.append(word.group().replaceFirst("^\\\\", ""));
      }
    }
    return address.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new AddressParser.Path(address.toString(), rest));
  }
}
