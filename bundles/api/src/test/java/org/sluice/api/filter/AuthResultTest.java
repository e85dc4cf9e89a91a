package org.sluice.api.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8601 section 2.2: nobody's text gets out of its place. */
class AuthResultTest {
  @ParameterizedTest
  @CsvSource({
    "example.org, example.org",
    "joe@example.org, joe@example.org",
    "a/b@example.org, a/b@example.org",
    "@example.org, @example.org",
    "a/b, '\"a/b\"'",
    "a;b, '\"a;b\"'",
    "'a b', '\"a b\"'",
    "'a\"b\\', '\"a\\\"b\\\\\"'",
    "2001:db8::1, '\"2001:db8::1\"'",
    "'', '\"\"'",
  })
  void valuesAreQuotedWhereTheyHaveTo(String value, String expected) {
    assertEquals(expected, AuthResult.safe(value));
  }

  @Test
  void nothingEndsTheLineOrTheComment() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("smtp.mailfrom", "a\nX: y");
    properties.put("smtp.helo", "x".repeat(10_000));
    String text = new AuthResult("spf", "fail", "a) dkim=pass (\\\r\n\u00fc", properties).text();
    assertTrue(
        text.startsWith("spf=fail (a? dkim=pass ?????) smtp.mailfrom=\"a?X: y\" smtp.helo=xxx"),
        text);
    assertTrue(text.length() < 500, text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', pass, a.b",
    "spf;, pass, a.b",
    "spf, '', a.b",
    "spf, pa ss, a.b",
    "spf, pass, a=b.c",
    "spf, pass, a"
  })
  void wordsThatAreNone(String method, String result, String property) {
    Map<String, String> properties = Map.of(property, "x");
    assertThrows(
        IllegalArgumentException.class, () -> new AuthResult(method, result, "", properties));
  }
}
