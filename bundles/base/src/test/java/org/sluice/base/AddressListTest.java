package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.HeaderToken.SyntaxException;

/** Spec 30 sections 6.3, 6.4 and 6.7; addresses from right to left. */
class AddressListTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a@b | a@b",
        "a . b @ c | a.b@c",
        "Joe <joe@h>, x@y | x@y joe@h",
        "a b | b a",
        "jim (c2) @ (c3) host (c4) | jim@host",
        "(nested (comment) \\) here) a@b | a@b",
        "\"a b\"@h, [1.2]@x | [1.2]@x a b@h",
        "<> | ``",
        "<@r,@s:u@h> | @r,@s:u@h",
        "Friends: a@b, c@d;, e@f | e@f c@d a@b",
        "x, Friends <z@z>: ; | x",
        "a, b; c | c b a",
        "[lit] <c@d> | c@d [lit]",
        "a <b@c | a<b@c",
        "a\\@b@c | a@b@c",
        "joe) | joe)",
        "`` | ``"
      })
  void findsAddresses(String list, String expected) throws SyntaxException {
    List<String> addresses = AddressList.of("To: " + list + "\n");
    assertEquals(expected, String.join(" ", addresses));
    assertEquals(addresses, AddressList.of("To \t:\r\n " + list));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"(joe", "joe )", "] a", "\"joe", "\"joe\\", "[a", "a>", "a: b", "a;b;c", "@r:u@h"})
  void refusesWhatIsNoList(String list) {
    assertThrows(SyntaxException.class, () -> AddressList.of("To: " + list));
  }

  /** The example of spec 30 section 6.8. */
  @Test
  void rewritesInPlace() throws SyntaxException {
    List<String> seen = new ArrayList<>();
    var tokens =
        AddressList.rewrite(
            HeaderToken.of("To: (c1) jim (c2) @ (c3) host (c4), Last, First <lf@h>"),
            address -> {
              seen.add(HeaderToken.flatten(address));
              var more = new ArrayList<>(address);
              more.addAll(suffix());
              return more;
            });
    assertEquals(List.of("lf@h", "Last", "jim@host"), seen);
    assertEquals(
        "To : jim @ host .dd c1 c2 c3 c4 , Last .dd , First < lf @ h .dd >",
        String.join(" ", tokens.stream().map(HeaderToken::text).toList()));
  }

  private static List<HeaderToken> suffix() {
    return List.of(new HeaderToken(HeaderToken.Kind.ATOM, ".dd"));
  }

  @Test
  void addressesBeforeAMistakeAreSeen() {
    List<String> seen = new ArrayList<>();
    assertThrows(
        SyntaxException.class,
        () ->
            AddressList.rewrite(
                HeaderToken.of("To: x: a@b, c@d"),
                address -> {
                  seen.add(HeaderToken.flatten(address));
                  return address;
                }));
    assertEquals(List.of("c@d", "a@b"), seen);
  }
}
