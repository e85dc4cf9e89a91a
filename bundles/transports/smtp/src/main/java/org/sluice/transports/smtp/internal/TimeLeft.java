package org.sluice.transports.smtp.internal;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;
import org.sluice.api.mail.Notify;

/**
 * What a server is told of the time by which a message is to be delivered (RFC 2852 section 4.1.4).
 */
final class TimeLeft {
  /** The first option is the least by-time, if there are digits. */
  private static final Pattern MINIMUM = Pattern.compile("([0-9]{1,9})(?:,.*)?");

  private static final long MOST = 999_999_999;

  private final Optional<DeliverBy> by;
  private final Optional<String> offer;
  private final long seconds;

  /** Before such a server, now. */
  TimeLeft(Optional<DeliverBy> by, Extensions server, Instant now) {
    this.by = by;
    offer = server.parameter("DELIVERBY");
    long left = by.map(b -> Math.floorDiv(now.until(b.deadline(), MILLIS), 1000L)).orElse(0L);
    seconds = Math.max(-MOST, Math.min(MOST, left));
  }

  /** Why the server cannot be given this message: the end of a report; empty if it can. */
  Optional<String> obstacle() {
    if (by.filter(b -> b.mode() == Mode.RETURN).isEmpty()) {
      return Optional.empty();
    }
    if (offer.isEmpty()) {
      return Optional.of(" but it does not take a time to deliver by (no DELIVERBY). (#5.3.3)\n");
    }
    return seconds <= 0 || seconds < minimum(offer.get())
        ? Optional.of(" but there is too little time left to deliver it by. (#5.4.7)\n")
        : Optional.empty();
  }

  private static long minimum(String offer) {
    Matcher matcher = MINIMUM.matcher(offer);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** Whether the server takes the time over. */
  boolean goesOn() {
    return by.isPresent() && offer.isPresent();
  }

  /** For MAIL; empty if there is nothing to say. */
  String parameter() {
    return goesOn()
        ? " BY="
            + seconds
            + (by.get().mode() == Mode.RETURN ? ";R" : ";N")
            + (by.get().trace() ? "T" : "")
        : "";
  }

  /**
   * What is asked with NOTIFY: of a server that does not take the time over, before that has
   * passed, delays as well.
   */
  Set<Notify> notifyOn(Set<Notify> asked) {
    if (by.isEmpty() || goesOn() || seconds < 0 || asked.contains(Notify.NEVER)) {
      return asked;
    }
    Set<Notify> more = EnumSet.of(Notify.DELAY);
    more.addAll(asked.isEmpty() ? Set.of(Notify.FAILURE) : asked);
    return more;
  }
}
