package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of spec 20 section 12.2. */
class HeapOrderTest {
  @ParameterizedTest
  @CsvSource({
    "'',''",
    "1,A",
    "11,AB",
    "111,ACB",
    "1111,ADCB",
    "11111,AEDCB",
    "111111,AFEDCB",
    "5353,BDCA",
    "35535,ADBCE",
    "987654321,IHGFEDCBA"
  })
  void asQmailsQueueGivesThemOut(String times, String order) {
    long[] values = times.chars().mapToLong(c -> c - '0').toArray();
    var letters = new StringBuilder();
    for (int index : HeapOrder.of(values, values.length)) {
      letters.append((char) ('A' + index));
    }
    assertEquals(order, letters.toString());
  }
}
