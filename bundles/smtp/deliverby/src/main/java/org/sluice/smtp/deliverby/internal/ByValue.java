package org.sluice.smtp.deliverby.internal;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;

/**
 * The value of BY (RFC 2852 section 4).
 *
 * @param seconds from MAIL to the deadline; may be in the past with by-mode N
 * @param mode the by-mode
 * @param trace whether there is a T
 */
record ByValue(long seconds, Mode mode, boolean trace) {
  private static final Pattern SYNTAX = Pattern.compile("([+-]?[0-9]{1,9});([NRnr])([Tt]?)");

  /** Empty if it is wrong; no time is left to a message that is to come back. */
  static Optional<ByValue> of(String value) {
    Matcher matcher = SYNTAX.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Mode mode = matcher.group(2).equalsIgnoreCase("R") ? Mode.RETURN : Mode.NOTIFY;
    var by = new ByValue(Long.parseLong(matcher.group(1)), mode, !matcher.group(3).isEmpty());
    return Optional.of(by).filter(b -> b.seconds > 0 || mode == Mode.NOTIFY);
  }

  DeliverBy from(Instant now) {
    return new DeliverBy(now.plusSeconds(seconds), mode, trace);
  }
}
