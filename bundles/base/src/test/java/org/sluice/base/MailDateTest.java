package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailDateTest {
  private static final Instant INSTANT = Instant.parse("2026-11-04T01:06:07Z");

  @Test
  void formats() {
    assertEquals("4 Nov 2026 01:06:07 -0000", MailDate.rfc822(INSTANT));
    assertEquals("Wed Nov 04 01:06:07 2026", MailDate.mbox(INSTANT));
    assertEquals("20261104010607", MailDate.stamp(INSTANT));
  }

  @ParameterizedTest
  @CsvSource({
    "-18000,3 Nov 2026 20:06:07 -0500",
    "19800,4 Nov 2026 06:36:07 +0530",
    "0,4 Nov 2026 01:06:07 +0000",
    "-12040,3 Nov 2026 21:45:27 -0321",
    "12029,4 Nov 2026 04:26:36 +0320"
  })
  void offsets(int seconds, String expected) {
    assertEquals(expected, MailDate.local(INSTANT.atOffset(ZoneOffset.ofTotalSeconds(seconds))));
  }

  @Test
  void asTheFormatterDoes() {
    var random = new Random(7);
    var rfc822 = formatter("d MMM yyyy HH:mm:ss '-0000'");
    var mbox = formatter("EEE MMM dd HH:mm:ss yyyy");
    for (int i = 0; i < 2_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(0, 6_000_000_000L));
      assertEquals(rfc822.format(instant), MailDate.rfc822(instant));
      assertEquals(mbox.format(instant), MailDate.mbox(instant));
    }
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }
}
