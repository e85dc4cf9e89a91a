package org.sluice.queue.internal;

import java.util.Map;
import java.util.Optional;

/**
 * What control/destinationlimits says of one destination.
 *
 * @param deliveries at once; at least 1
 * @param perMinute deliveries that begin in a minute; at least 1
 */
record DestinationLimit(int deliveries, int perMinute) {
  /** Beyond any limit that there can be. */
  static final int ANY = Integer.MAX_VALUE;

  static final DestinationLimit NONE = new DestinationLimit(ANY, ANY);

  /**
   * Reads what stands behind the domain: {@code 5}, {@code 5:60} or {@code :60}. A number that is
   * not there, or 0, is no limit.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static DestinationLimit parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new DestinationLimit(number(text), ANY)
        : new DestinationLimit(number(text.substring(0, colon)), number(text.substring(colon + 1)));
  }

  private static int number(String text) {
    String digits = text.strip();
    if (!digits.matches("[0-9]{0,9}")) {
      throw new IllegalArgumentException("\"" + digits + "\" is no number from 0 to 999999999");
    }
    int value = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    return value == 0 ? ANY : value;
  }

  /**
   * The limit of a destination: that of its name, else that of the longest part of it from a dot
   * on, else that of the empty name.
   */
  static DestinationLimit of(String destination, Map<String, DestinationLimit> all) {
    String name = destination;
    while (true) {
      DestinationLimit limit = all.get(name);
      if (limit != null) {
        return limit;
      }
      int dot = name.indexOf('.', 1);
      if (dot < 0) {
        return Optional.ofNullable(all.get("")).orElse(NONE);
      }
      name = name.substring(dot);
    }
  }
}
