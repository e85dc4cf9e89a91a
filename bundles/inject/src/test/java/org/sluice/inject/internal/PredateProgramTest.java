package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.MailDate;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;

/** Spec 30 sections 10.1 and 10.2. */
class PredateProgramTest {
  private static final Instant NOW = Instant.parse("2026-11-23T04:31:52Z");
  private static final String SUMMER = "2026-07-01T12:00:00Z";
  private static final String WINTER = "2026-01-01T12:00:00Z";

  @TempDir Path directory;

  private TestContext context(String... arguments) {
    var context = new TestContext(List.of(arguments)).in(directory).with(Map.of("TZ", "UTC"));
    return context.programs(new SystemPrograms(context)).stdin("To: t\n\n.\nx");
  }

  @Test
  void putsTheDateInFront() throws Exception {
    var context = context("sh", "-c", "cat; echo x >&2; exit 7");
    assertEquals(7, new PredateProgram(() -> NOW).run(context));
    assertEquals("Date: 23 Nov 2026 04:31:52 +0000\nTo: t\n\n.\nx", context.stdout());
    assertEquals("x\n", context.stderr());
  }

  @Test
  void failures() throws Exception {
    check(context(), 100, "predate: usage: predate child\n");
    check(context("sh", "-c", "kill -9 $$"), 111, "predate: fatal: child crashed\n");
    check(
        context("/no/such"), 111, "predate: fatal: unable to run /no/such: file does not exist\n");
    check(
        context("cat").unreadable(),
        111,
        "predate: fatal: unable to read message: input/output error\n");
  }

  private static void check(TestContext context, int status, String text) throws Exception {
    assertEquals(status, new PredateProgram(() -> NOW).run(context));
    assertEquals(text, context.stderr());
  }

  @Test
  void datemailIsSendmailWithADate() throws Exception {
    var context = new TestContext(List.of("-t", "x")).with(Map.of("TZ", "America/New_York"));
    List<String> said = new ArrayList<>();
    context.stdin("To: t\n");
    context.programs(
        argv ->
            new FakeExecution(
                context,
                (in, out) -> {
                  said.add(argv + ": " + new String(in.readAllBytes()));
                  return 9;
                }));
    assertEquals(9, new DatemailProgram(() -> NOW).run(context));
    assertEquals(List.of("[sendmail, -t, x]: Date: 22 Nov 2026 23:31:52 -0500\nTo: t\n"), said);
  }

  @ParameterizedTest
  @CsvSource({
    "UTC,+0000,+0000",
    "'',+0000,+0000",
    "America/New_York,-0500,-0400",
    ":America/New_York,-0500,-0400",
    "Asia/Kolkata,+0530,+0530",
    "EST,-0500,-0500",
    "EST5EDT,-0500,-0400",
    "XST5,-0500,-0500",
    "XST-1:30,+0130,+0130",
    "GMT+5,-0500,-0500",
    "Etc/GMT+5,-0500,-0500",
    "LMT3:20:40,-0321,-0321",
    "AAA0:0:20,-0000,-0000",
    "XST5XDT,-0500,-0400",
    "XST5XDT5:30,-0500,-0530",
    "'CET-1CEST,M3.5.0,M10.5.0/3',+0100,+0200",
    "'NZST-12NZDT,M9.5.0,M4.1.0/3',+1300,+1200",
    "'<+1030>-10:30<+11>-11,M10.1.0,M4.1.0',+1100,+1030",
    "'AAA1BBB,J60/0,J180',-0100,-0100",
    "'AAA1BBB,J60/0,J183',-0100,+0000",
    "'AAA1BBB,59/0,181/25',-0100,+0000",
    "'AAA1BBB,0/0,J365/25',+0000,+0000",
    "Nowhere/Land,+0000,+0000",
    "X5,+0000,+0000",
    "AAA25,+0000,+0000",
    "AAA-18BBB,+0000,+0000",
    "'AAA1BBB,M13.1.0,M1.1.1',+0000,+0000"
  })
  void zones(String zone, String winter, String summer) {
    assertEquals(winter, offset(zone, WINTER));
    assertEquals(summer, offset(zone, SUMMER));
  }

  private static String offset(String zone, String instant) {
    Instant then = Instant.parse(instant);
    String date = MailDate.local(then.atOffset(Predate.offset(zone, then)));
    return date.substring(date.lastIndexOf(' ') + 1);
  }

  /** The rules of a zone that the JVM knows, hour by hour over five years. */
  @Test
  void rulesAsTheJvmHasThem() {
    assertTrue(ZoneId.getAvailableZoneIds().contains("Europe/Berlin"));
    for (var pair :
        Map.of(
                "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3",
                "America/New_York", "EST5EDT,M3.2.0,M11.1.0",
                "Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3")
            .entrySet()) {
      var rules = ZoneId.of(pair.getKey()).getRules();
      var zone = PosixZone.parse(pair.getValue()).orElseThrow();
      Instant instant = Instant.parse("2023-12-25T00:00:00Z");
      for (int i = 0; i < 5 * 365 * 24; i++) {
        assertEquals(rules.getOffset(instant), zone.at(instant), pair + " " + instant);
        instant = instant.plusSeconds(3_600);
      }
    }
  }
}
