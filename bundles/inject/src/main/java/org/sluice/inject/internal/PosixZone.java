package org.sluice.inject.internal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time zone in the form {@code EST5EDT,M3.2.0,M11.1.0} (POSIX.1-2017 section 8.3), which the JVM
 * does not know.
 *
 * @param standard offset outside summer time
 * @param summer if there is summer time
 */
record PosixZone(ZoneOffset standard, Optional<Summer> summer) {
  /**
   * Summer time.
   *
   * @param start in standard time
   * @param end in summer time
   */
  record Summer(ZoneOffset offset, ZoneChange start, ZoneChange end) {}

  private static final int HOUR = 3_600;
  private static final int CHANGE = 2 * HOUR;
  private static final String NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
  private static final String TIME = "([+-]?\\d{1,3}(?::[0-5]?\\d){0,2})";
  private static final String DAY = "\\d{1,2}|[12]\\d\\d|3[0-5]\\d|36[0-5]";
  private static final String WEEKDAY = "M(?:1[0-2]|[1-9])\\.[1-5]\\.[0-6]";
  private static final String RULE = ",(" + WEEKDAY + "|J(?!0)(?:" + DAY + ")|" + DAY + ")";
  private static final String RULES = RULE + "(?:/" + TIME + ")?" + RULE + "(?:/" + TIME + ")?";

  /** What other systems take if the rules are left out: those of the United States. */
  private static final String USUAL = ",M3.2.0,M11.1.0";

  /** Parses; empty if it is not of this form. */
  static Optional<PosixZone> parse(String text) {
    Matcher zone =
        Pattern.compile(NAME + TIME + "(?:(" + NAME + ")" + TIME + "?(,.*)?)?").matcher(text);
    if (!zone.matches()) {
      return Optional.empty();
    }
    Optional<ZoneOffset> standard = offset(-seconds(zone.group(1)));
    if (standard.isEmpty() || zone.group(2) == null) {
      return standard.map(s -> new PosixZone(s, Optional.empty()));
    }
    Optional<ZoneOffset> summer =
        offset(
            zone.group(3) == null
                ? standard.get().getTotalSeconds() + HOUR
                : -seconds(zone.group(3)));
    Matcher rules = Pattern.compile(RULES).matcher(zone.group(4) == null ? USUAL : zone.group(4));
    if (summer.isEmpty() || !rules.matches()) {
      return Optional.empty();
    }
    ZoneChange start = change(rules.group(1), rules.group(2));
    ZoneChange end = change(rules.group(3), rules.group(4));
    return Optional.of(
        new PosixZone(standard.get(), Optional.of(new Summer(summer.get(), start, end))));
  }

  /** The offset then. */
  ZoneOffset at(Instant instant) {
    if (summer.isEmpty()) {
      return standard;
    }
    Summer rules = summer.get();
    int year = instant.atOffset(standard).getYear();
    Instant start = rules.start().in(year).toInstant(standard);
    Instant end = rules.end().in(year).toInstant(rules.offset());
    boolean begun = !instant.isBefore(start);
    boolean over = !instant.isBefore(end);
    boolean isSummer = start.isBefore(end) ? begun && !over : begun || !over;
    return isSummer ? rules.offset() : standard;
  }

  private static ZoneChange change(String rule, String time) {
    return new ZoneChange(rule, time == null ? CHANGE : seconds(time));
  }

  /** Empty if it is more than the JVM can express, 18 hours. */
  private static Optional<ZoneOffset> offset(int seconds) {
    return Math.abs(seconds) > ZoneOffset.MAX.getTotalSeconds()
        ? Optional.empty()
        : Optional.of(ZoneOffset.ofTotalSeconds(seconds));
  }

  private static int seconds(String time) {
    boolean negative = time.charAt(0) == '-';
    int seconds = 0;
    int unit = HOUR;
    for (String part : time.substring(negative || time.charAt(0) == '+' ? 1 : 0).split(":")) {
      seconds += Integer.parseInt(part) * unit;
      unit /= 60;
    }
    return negative ? -seconds : seconds;
  }
}
