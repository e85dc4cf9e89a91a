package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of spec 30 section 1.2. */
class QuoteTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "||,||,||",
        "noat,noat,noat",
        "a b,\"a b\",a b",
        "a b@c,\"a b\"@c,\"a b\"@c",
        "x..y@h,\"x..y\"@h,\"x..y\"@h",
        ".x@h,\".x\"@h,\".x\"@h",
        "x.@h,\"x.\"@h,\"x.\"@h",
        "\"q\"@h,\"\\\"q\\\"\"@h,\"\\\"q\\\"\"@h",
        "a@b@c,\"a@b\"@c,\"a@b\"@c",
        "@h,\"\"@h,\"\"@h",
        "u-@h-@[],\"u-@h-\"@[],\"u-@h-\"@[]",
        "\u00e9@h,\"\u00e9\"@h,\"\u00e9\"@h"
      })
  void quotesAsQmailDoes(String address, String quoted, String mangled) {
    assertEquals(quoted, Quote.address(address));
    assertEquals(mangled, Quote.mangle(address));
  }

  @org.junit.jupiter.api.Test
  void escapesLineFeeds() {
    assertEquals("\"a\\\nb\"@h", Quote.mangle("a\nb@h"));
    assertEquals("#@[]", Quote.mangle("#@[]"));
  }
}
