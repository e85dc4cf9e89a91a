package org.sluice.base;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** qmail's date formats (spec 10 section 1.4, spec 40 section 9). */
public final class MailDate {
  private static final DateTimeFormatter RFC822 =
      DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss '-0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MBOX =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private MailDate() {}

  /** For trace lines: {@code 24 Nov 2026 11:46:07 -0000}. */
  public static String rfc822(Instant instant) {
    return RFC822.format(instant);
  }

  /** For mbox From lines: {@code Wed Nov 04 11:46:07 2026}. */
  public static String mbox(Instant instant) {
    return MBOX.format(instant);
  }
}
