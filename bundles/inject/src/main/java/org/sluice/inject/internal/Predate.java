package org.sluice.inject.internal;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ChildEnd;
import org.sluice.base.MailDate;
import org.sluice.base.ProgramExit;

/**
 * Runs a program with a Date field in the caller's time zone in front of its input (spec 30 section
 * 10.1).
 */
record Predate(InstantSource clock) {
  /** Zones that old files name and the JVM does not. */
  private static final Map<String, String> OLD =
      Map.of("EST", "EST5", "MST", "MST7", "HST", "HST10");

  int run(ProgramContext context, List<String> argv) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "predate", () -> feed(context, argv));
  }

  private int feed(ProgramContext context, List<String> argv)
      throws ProgramExit, InterruptedException {
    if (argv.isEmpty()) {
      throw ProgramExit.usage("predate child");
    }
    Instant now = clock.instant();
    String date = MailDate.local(now.atOffset(offset(context.environment().get("TZ"), now)));
    ChildEnd end = Child.feed(context, argv, "Date: " + date + "\n");
    if (end instanceof ChildEnd.Exited exited) {
      return exited.status();
    }
    if (end instanceof ChildEnd.NotStarted failed) {
      throw ProgramExit.temporary(
          "unable to run " + argv.get(0) + ": " + Child.why(failed.cause()));
    }
    if (end instanceof ChildEnd.Unreadable unreadable) {
      throw ProgramExit.temporary("unable to read message", unreadable.cause());
    }
    throw ProgramExit.temporary("child crashed");
  }

  /** As tzset(3) does: without TZ the system's zone; UTC if the name is empty or unknown. */
  static ZoneOffset offset(String tz, Instant instant) {
    if (tz == null) {
      return ZoneId.systemDefault().getRules().getOffset(instant);
    }
    String name = tz.startsWith(":") ? tz.substring(1) : tz;
    if (ZoneId.getAvailableZoneIds().contains(name)) {
      return ZoneId.of(name).getRules().getOffset(instant);
    }
    return PosixZone.parse(OLD.getOrDefault(name, name))
        .map(zone -> zone.at(instant))
        .orElse(ZoneOffset.UTC);
  }
}
