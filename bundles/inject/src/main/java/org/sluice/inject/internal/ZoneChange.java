package org.sluice.inject.internal;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.temporal.TemporalAdjusters;

/**
 * When the clock changes each year.
 *
 * @param rule {@code Mm.w.d}, {@code Jn} or {@code n} of POSIX, known to be right
 * @param seconds after midnight
 */
record ZoneChange(String rule, int seconds) {
  private static final int LAST_WEEK = 5;
  private static final int DAY_AFTER_FEBRUARY = 60;

  LocalDateTime in(int year) {
    return day(year).atStartOfDay().plusSeconds(seconds);
  }

  private LocalDate day(int year) {
    return switch (rule.charAt(0)) {
      case 'M' -> weekday(year, rule.substring(1).split("\\."));
      case 'J' -> { // 29 February is not counted
        int day = Integer.parseInt(rule.substring(1));
        boolean later = Year.isLeap(year) && day >= DAY_AFTER_FEBRUARY;
        yield LocalDate.ofYearDay(year, later ? day + 1 : day);
      }
      default -> LocalDate.ofYearDay(year, 1).plusDays(Integer.parseInt(rule));
    };
  }

  private static LocalDate weekday(int year, String[] parts) {
    int week = Integer.parseInt(parts[1]);
    int day = Integer.parseInt(parts[2]);
    DayOfWeek weekday = day == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(day);
    return LocalDate.of(year, Integer.parseInt(parts[0]), 1)
        .with(TemporalAdjusters.dayOfWeekInMonth(week == LAST_WEEK ? -1 : week, weekday));
  }
}
