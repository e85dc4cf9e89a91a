package org.sluice.filters.authres.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.filter.AuthResult;

/** The field's syntax, written and read. */
class FieldTest {
  @Test
  void eachResultIsOnALineOfItsOwn() {
    var spf = new AuthResult("spf", "pass", "so", Map.of("smtp.mailfrom", "a@example.org"));
    var dkim = new AuthResult("dkim", "none", "", Map.of());
    assertEquals(
        "mx.example;\n\tspf=pass (so) smtp.mailfrom=a@example.org;\n\tdkim=none",
        Field.value("mx.example", List.of(spf, dkim)));
    assertEquals("mx.example; none", Field.value("mx.example", List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " mx.example; spf=pass",
        "mx.example 1; none",
        "\n\tMX.Example;\n dkim=pass",
        " (a comment (in one)) mx.example(x); spf=pass",
        " (a \\) comment) mx.example; spf=pass",
        " \"mx.example\"; spf=pass",
        " \"mx.\\example\"; spf=pass",
        " mx.example.; spf=pass",
        " mx.example",
        "",
        " ; spf=pass",
        " (never ended mx.example",
        " \"never ended",
      })
  void whatMayBeReadAsOursIsOurs(String value) {
    assertEquals(true, Field.claims(value, "mx.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " other.example; spf=pass",
        " mx.example.org; spf=pass",
        " other.example; spf=pass (mx.example)",
        " (mx.example) other.example",
      })
  void whatIsOthersStays(String value) {
    assertEquals(false, Field.claims(value, "mx.example"));
  }
}
