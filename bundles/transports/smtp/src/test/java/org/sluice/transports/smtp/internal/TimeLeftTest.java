package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;
import org.sluice.api.mail.Notify;

/** What goes on of a deadline, and where mail with one does not go (RFC 2852 section 4.1.4). */
class TimeLeftTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L, 1_000_000);
  private static final Extensions WITHOUT = new Extensions(Map.of("DSN", ""));

  private static TimeLeft left(Mode mode, long seconds, Extensions server) {
    var by = new DeliverBy(NOW.plusSeconds(seconds), mode, false);
    return new TimeLeft(Optional.of(by), server, NOW);
  }

  private static Extensions offer(String options) {
    return new Extensions(Map.of("DELIVERBY", options));
  }

  /** By NOW a part of the second has passed. */
  @ParameterizedTest
  @CsvSource({
    "NOTIFY, 100, 99;N",
    "NOTIFY, 1, 0;N",
    "NOTIFY, 0, -1;N",
    "NOTIFY, -100, -101;N",
    "NOTIFY, -2000000000, -999999999;N",
    "RETURN, 100, 99;R",
    "RETURN, 2, 1;R",
  })
  void theTimeThatIsLeftGoesOn(Mode mode, long seconds, String said) {
    var left = left(mode, seconds, offer(""));
    assertEquals(" BY=" + said, left.parameter());
    assertEquals(Optional.empty(), left.obstacle());
  }

  @Test
  void theTraceGoesOn() {
    var by = Optional.of(new DeliverBy(NOW.plusSeconds(100), Mode.RETURN, true));
    assertEquals(" BY=99;RT", new TimeLeft(by, offer(""), NOW).parameter());
    assertEquals("", new TimeLeft(Optional.empty(), offer(""), NOW).parameter());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2, 1",
    "'1', 2, 1",
    "'100', 101, 100",
    "'100,X=9,Y', 101, 100",
    "',X', 2, 1",
    "'what', 2, 1",
  })
  void theLeastTimeOfAServer(String options, long enough, long tooLittle) {
    assertEquals(Optional.empty(), left(Mode.RETURN, enough, offer(options)).obstacle());
    assertEquals(
        Optional.of(" but there is too little time left to deliver it by. (#5.4.7)\n"),
        left(Mode.RETURN, tooLittle, offer(options)).obstacle());
    assertEquals(Optional.empty(), left(Mode.NOTIFY, tooLittle, offer(options)).obstacle());
  }

  @Test
  void whatIsToComeBackGoesNowhereElse() {
    assertEquals(
        Optional.of(" but it does not take a time to deliver by (no DELIVERBY). (#5.3.3)\n"),
        left(Mode.RETURN, 100, WITHOUT).obstacle());
    assertEquals(Optional.empty(), left(Mode.NOTIFY, 100, WITHOUT).obstacle());
    assertEquals("", left(Mode.NOTIFY, 100, WITHOUT).parameter());
  }

  @Test
  void delaysAreAskedForWhereTheDeadlineDoesNotGo() {
    var plain = Set.<Notify>of();
    var success = Set.of(Notify.SUCCESS);
    var without = left(Mode.NOTIFY, 100, WITHOUT);
    assertEquals(Set.of(Notify.FAILURE, Notify.DELAY), without.notifyOn(plain));
    assertEquals(Set.of(Notify.SUCCESS, Notify.DELAY), without.notifyOn(success));
    assertEquals(Set.of(Notify.NEVER), without.notifyOn(Set.of(Notify.NEVER)));
    assertEquals(plain, left(Mode.NOTIFY, 0, WITHOUT).notifyOn(plain));
    assertEquals(plain, left(Mode.NOTIFY, 100, offer("")).notifyOn(plain));
    assertEquals(plain, new TimeLeft(Optional.empty(), WITHOUT, NOW).notifyOn(plain));
  }
}
