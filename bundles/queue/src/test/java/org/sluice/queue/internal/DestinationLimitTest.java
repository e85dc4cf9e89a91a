package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationLimitTest {
  private static final int ANY = DestinationLimit.ANY;

  @ParameterizedTest
  @CsvSource({
    "5,5,0",
    "5:60,5,60",
    ":60,0,60",
    "0:60,0,60",
    "5:,5,0",
    "'',0,0",
    "' 7 : 8 ',7,8",
    "999999999:1,999999999,1"
  })
  void numbersThatAreMissingOrZeroAreNoLimit(String text, int deliveries, int perMinute) {
    assertEquals(
        new DestinationLimit(deliveries == 0 ? ANY : deliveries, perMinute == 0 ? ANY : perMinute),
        DestinationLimit.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "5:x", "5:6:7", "1 2", "9999999999", "+5"})
  void whatIsNoNumberIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> DestinationLimit.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example,1",
    "b.a.example,2",
    "c.b.a.example,2",
    "x.example,3",
    "example,4",
    "other,4",
    "'',4"
  })
  void theLongestNameCounts(String destination, int expected) {
    var all = Map.of("a.example", only(1), ".a.example", only(2), ".example", only(3), "", only(4));
    assertEquals(only(expected), DestinationLimit.of(destination, all));
  }

  @Test
  void whoIsNotNamedHasNoLimit() {
    assertEquals(DestinationLimit.NONE, DestinationLimit.of("b.a", Map.of("a", only(1))));
  }

  private static DestinationLimit only(int deliveries) {
    return new DestinationLimit(deliveries, ANY);
  }
}
