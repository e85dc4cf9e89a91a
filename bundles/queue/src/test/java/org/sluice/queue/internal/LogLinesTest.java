package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Lines arrive complete and in order, however slow the log is. */
class LogLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:11:12.034Z");
  private static final String STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
              .withZone(ZoneId.systemDefault())
              .format(NOW)
          + ".034 ";
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();

  @Test
  void everyLineHasItsTime() {
    try (var lines = new LogLines(written::add, Optional.of(clock))) {
      lines.accept("new msg 1");
      lines.accept("end msg 1");
    }
    String all = String.join("\n", written);
    assertEquals(STAMP + "new msg 1\n" + STAMP + "end msg 1", all);
  }

  @Test
  void withoutAClockLinesAreAsTheyCome() {
    try (var lines = new LogLines(written::add, Optional.empty())) {
      lines.accept("new msg 1");
      lines.accept("end msg 1");
    }
    assertEquals("new msg 1\nend msg 1", String.join("\n", written));
  }

  @Test
  void whatIsFlushedIsWritten() {
    try (var lines = new LogLines(written::add, Optional.of(clock))) {
      for (int i = 0; i < 20; i++) {
        lines.accept("line " + i);
        lines.flush();
        assertTrue(String.join("\n", written).endsWith("line " + i), written.toString());
      }
    }
  }

  @Test
  void whatGathersIsWrittenInOrderAndInFewPieces() throws Exception {
    var goOn = new CountDownLatch(1);
    var lines =
        new LogLines(
            text -> {
              written.add(text);
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            Optional.of(clock));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      expected.add(STAMP + "line " + i);
      lines.accept("line " + i);
    }
    goOn.countDown();
    lines.close();
    assertEquals(expected, List.of(String.join("\n", written).split("\n")));
    assertTrue(written.size() <= 3, "pieces: " + written.size());
  }

  @Test
  void aLogThatStandsStillCostsLinesNotMail() throws Exception {
    var goOn = new CountDownLatch(1);
    var lines =
        new LogLines(
            text -> {
              written.add(text);
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            Optional.of(clock));
    String line = "x".repeat(1 << 20);
    for (int i = 0; i < 20; i++) {
      lines.accept(line);
    }
    goOn.countDown();
    lines.close();
    assertTrue(String.join("\n", written).matches("(?s).*warning: \\d+ log lines dropped"));
  }
}
