package org.sluice.filters.greylist.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept when there is more than there is room for. */
class StateTest {
  private static final String US = "192.0.2.0/24";
  private static final int THIRD = 1_600;

  private long now = 1_000_000;
  private final State state =
      new State(
          new State.Rules(300, 172_800, 3_024_000, 5, 3 * THIRD), () -> Instant.ofEpochSecond(now));

  private void known(String network, long key) {
    state.attempt(network, key);
    now += 300;
    assertEquals(0, state.attempt(network, key));
  }

  /** From networks of their own, each once. */
  private void strangers(int count) {
    for (int i = 0; i < count; i++) {
      state.attempt("2001:db8:0:" + Integer.toHexString(i) + "::/64", i);
    }
  }

  @Test
  void strangersPushOutStrangersOnly() {
    known(US, 1);
    strangers(20 * THIRD);
    assertEquals(0, state.attempt(US, 1));
    assertTrue(state.size() <= THIRD + 2, () -> "size " + state.size());
    assertEquals(300, state.attempt(US, 2));
    strangers(THIRD / 2);
    now += 300;
    assertEquals(0, state.attempt(US, 2), "a newcomer has time");
  }

  @Test
  void oneNetworkPushesOutItsOwn() {
    state.attempt(US, 1);
    now++;
    for (int i = 0; i < 20 * THIRD; i++) {
      state.attempt("198.51.100.0/24", i);
    }
    assertEquals(1 + THIRD / 16, state.size());
    now += 300;
    assertEquals(0, state.attempt(US, 1));
    assertEquals(0, state.attempt("198.51.100.0/24", 20 * THIRD - 1), "its last is there");
    assertEquals(300, state.attempt("198.51.100.0/24", 0), "its first is not");
  }

  @Test
  void thoseWhoComeAgainAreBoundedToo() {
    for (int i = 0; i < 3 * THIRD; i++) {
      known("2001:db8:1:" + Integer.toHexString(i) + "::/64", i);
    }
    assertEquals(2 * THIRD, state.size(), "as many triplets as networks");
  }

  @Test
  void whatHasHadItsTimeIsNotWrittenAgain() {
    known(US, 1);
    state.attempt(US, 2);
    now += 172_801;
    List<Line> lines = new ArrayList<>();
    state.snapshot().accept(lines::add);
    assertEquals(2, lines.size(), lines::toString);
    now += 3_024_001;
    lines.clear();
    state.snapshot().accept(lines::add);
    assertEquals(List.of(), lines);
    assertEquals(0, state.size());
  }

  /** Traffic of those that are known writes once an hour. */
  @Test
  void littleIsWritten() {
    known(US, 1);
    state.changes();
    for (int i = 0; i < 3_000; i++) {
      now++;
      state.attempt(US, 1);
    }
    assertEquals("", state.changes().lines());
    now += 600;
    state.attempt(US, 1);
    assertEquals(1, state.changes().lines().lines().count());
  }

  @Test
  void whatNobodyWritesIsNotCollected() {
    for (int i = 0; i < 100_000; i++) {
      state.attempt("198.51.100.0/24", i);
    }
    State.Changes changes = state.changes();
    assertTrue(changes.lost());
    assertTrue(changes.lines().length() < (1 << 20) + Line.LONGEST);
    assertEquals("", state.changes().lines());
  }
}
