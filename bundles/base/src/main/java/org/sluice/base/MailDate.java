package org.sluice.base;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * qmail's date formats (spec 10 section 1.4, spec 40 section 9). Without the JVM's formatters,
 * whose locale data costs a program that runs once more than all else it does.
 */
public final class MailDate {
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final int NAME = 3;
  private static final int SECONDS_A_MINUTE = 60;

  private MailDate() {}

  /** For trace lines: {@code 24 Nov 2026 11:46:07 -0000}. */
  public static String rfc822(Instant instant) {
    return utc(instant) + " -0000";
  }

  /** For listings, which name the zone themselves: {@code 24 Nov 2026 11:46:07}. */
  public static String utc(Instant instant) {
    return dayAndTime(instant.atOffset(ZoneOffset.UTC)).toString();
  }

  /** With the zone: {@code 23 Nov 2026 23:31:52 -0500}; its seconds are rounded to minutes. */
  public static String local(OffsetDateTime time) {
    int seconds = time.getOffset().getTotalSeconds();
    int minutes = (Math.abs(seconds) + SECONDS_A_MINUTE / 2) / SECONDS_A_MINUTE;
    StringBuilder out = dayAndTime(time).append(seconds < 0 ? " -" : " +");
    two(out, minutes / 60);
    two(out, minutes % 60);
    return out.toString();
  }

  /** For mbox From lines: {@code Wed Nov 04 11:46:07 2026}. */
  public static String mbox(Instant instant) {
    OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
    var out = new StringBuilder();
    out.append(name(DAYS, time.getDayOfWeek().getValue())).append(' ');
    out.append(name(MONTHS, time.getMonthValue())).append(' ');
    two(out, time.getDayOfMonth());
    clock(out.append(' '), time);
    return out.append(' ').append(time.getYear()).toString();
  }

  /** Fourteen digits: {@code 20261124114607}. */
  public static String stamp(Instant instant) {
    OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
    var out = new StringBuilder().append(time.getYear());
    two(out, time.getMonthValue());
    two(out, time.getDayOfMonth());
    two(out, time.getHour());
    two(out, time.getMinute());
    two(out, time.getSecond());
    return out.toString();
  }

  private static StringBuilder dayAndTime(OffsetDateTime time) {
    var out = new StringBuilder().append(time.getDayOfMonth()).append(' ');
    out.append(name(MONTHS, time.getMonthValue())).append(' ').append(time.getYear()).append(' ');
    clock(out, time);
    return out;
  }

  private static void clock(StringBuilder out, OffsetDateTime time) {
    two(out, time.getHour());
    two(out.append(':'), time.getMinute());
    two(out.append(':'), time.getSecond());
  }

  private static String name(String names, int number) {
    return names.substring((number - 1) * NAME, number * NAME);
  }

  private static void two(StringBuilder out, int number) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
