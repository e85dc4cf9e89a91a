package org.sluice.filters.greylist.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Logged;

/** The file, and what becomes of it. */
class KeeperTest {
  private static final String NET = "192.0.2.0/24";

  @TempDir Path home;
  private Path file;
  private long now = 1_800_000_000L;
  private long nanos;
  private final List<Keeper> open = new ArrayList<>();

  @BeforeEach
  void place() {
    file = home.resolve("var/greylist");
  }

  @AfterEach
  void close() {
    open.forEach(Keeper::close);
  }

  private State state() {
    return new State(
        new State.Rules(300, 172_800, 3_024_000, 5, 30_000), () -> Instant.ofEpochSecond(now));
  }

  private Keeper keep(State state) {
    var keeper = new Keeper(state, new Journal(file), () -> nanos);
    open.add(keeper);
    return keeper;
  }

  /** A process that dies leaves the file as it is: what another one makes of it. */
  private State afterKill() throws Exception {
    Path copy = home.resolve("copy" + open.size() + "/greylist");
    Files.createDirectories(copy.getParent());
    Files.copy(file, copy);
    file = copy;
    State state = state();
    keep(state);
    return state;
  }

  @Test
  void whatIsWrittenSurvivesAKill() throws Exception {
    State state = state();
    Keeper keeper = keep(state);
    state.attempt(NET, 1);
    state.attempt(NET, -2);
    now += 300;
    assertEquals(0, state.attempt(NET, 1));
    keeper.write();
    state.attempt(NET, 3);
    State next = afterKill();
    assertEquals(0, next.attempt(NET, 1));
    assertEquals(0, next.attempt(NET, -2));
    assertEquals(300, next.attempt(NET, 3), "the last seconds are lost");
  }

  @Test
  void networksThatPassAreKept() throws Exception {
    State state = state();
    Keeper keeper = keep(state);
    for (int i = 0; i < 5; i++) {
      state.attempt(NET, i);
      now += 3_600;
      state.attempt(NET, i);
    }
    keeper.close();
    State next = state();
    keep(next);
    assertEquals(0, next.attempt(NET, 99));
  }

  @Test
  void aTornFileIsUsedAsFarAsItGoes() throws Exception {
    State state = state();
    Keeper keeper = keep(state);
    state.attempt(NET, 1);
    keeper.write();
    String good = Files.readString(file);
    byte[] noise = new byte[5_000];
    new java.util.Random(1).nextBytes(noise);
    noise[noise.length - 1] = '\n';
    Files.write(file, noise, StandardOpenOption.APPEND);
    Files.writeString(file, "W 192.0.2.0/24 2 99999999999\n", StandardOpenOption.APPEND);
    Files.writeString(file, good.replace(" 1 ", " 4 "), StandardOpenOption.APPEND);
    Files.writeString(file, "P 192.0.2.0/24 5 18", StandardOpenOption.APPEND);
    now += 300;
    List<State> next = new ArrayList<>();
    List<String> said = Logged.during(() -> next.add(afterKill()));
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.get(0).contains(" lines of the file could not be used"), said.get(0));
    assertEquals(0, next.get(0).attempt(NET, 1));
    assertEquals(0, next.get(0).attempt(NET, 4));
    assertEquals(300, next.get(0).attempt(NET, 2), "written by a clock that was wrong");
    assertEquals(300, next.get(0).attempt(NET, 5), "cut off");
    assertEquals(2, Files.readString(file).lines().count(), "it is whole again");
  }

  @Test
  void troubleWithTheDiskIsToldOnceAndOverWhenItIsOver() throws Exception {
    Files.writeString(home.resolve("var"), "no directory\n");
    State state = state();
    List<String> said =
        Logged.during(
            () -> {
              Keeper keeper = keep(state);
              for (int i = 0; i < 5; i++) {
                state.attempt(NET, i);
                nanos += Duration.ofMinutes(1).toNanos();
                keeper.write();
              }
            });
    assertEquals(1, said.stream().filter(line -> line.contains("greylisting:")).count());
    Files.delete(home.resolve("var"));
    nanos += Duration.ofSeconds(59).toNanos();
    open.get(0).write();
    assertFalse(Files.exists(file), "the disk has a pause");
    nanos += Duration.ofSeconds(1).toNanos();
    said = Logged.during(open.get(0)::write);
    assertEquals(1, said.size(), said::toString);
    assertEquals(5, Files.readString(file).lines().count(), "nothing is missing");
  }

  @Test
  void whatCouldNotBeAddedIsWrittenLater() throws Exception {
    State state = state();
    Keeper keeper = keep(state);
    state.attempt(NET, 1);
    keeper.write();
    Files.delete(file);
    Files.createDirectory(file);
    state.attempt(NET, 2);
    List<String> said = Logged.during(keeper::write);
    assertEquals(1, said.stream().filter(line -> line.contains("greylisting:")).count());
    state.attempt(NET, 3);
    Files.delete(file);
    nanos += Duration.ofMinutes(1).toNanos();
    Logged.during(keeper::write);
    assertEquals(3, Files.readString(file).lines().count(), "all of it");
  }

  @Test
  void theFileIsBounded() throws Exception {
    State state = state();
    Keeper keeper = keep(state);
    long largest = 0;
    for (int i = 0; i < 60_000; i++) {
      state.attempt("198.51." + i % 256 + ".0/24", i);
      if (i % 1_000 == 0) {
        keeper.write();
        largest = Math.max(largest, Files.size(file));
      }
    }
    // 10,000 entries, 10,000 more lines, and what came with the last write.
    assertTrue(largest < (2 * 10_000 + 10_000 + 1_000) * 60L, "octets: " + largest);
    keeper.close();
    State next = state();
    keep(next);
    assertEquals(state.size(), next.size());
    assertEquals(List.of("greylist", "greylist.lock"), names());
  }

  private List<String> names() throws Exception {
    try (var files = Files.list(file.getParent())) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  /** Two versions of the bundle at a time: the second has what the first one learnt. */
  @Test
  void aSuccessorReadsWhenTheOtherHasLetGo() throws Exception {
    State first = state();
    Keeper old = keep(first);
    first.attempt(NET, 1);
    State second = state();
    Keeper successor = keep(second);
    second.attempt(NET, 2);
    successor.write();
    first.attempt(NET, 3);
    now += 300;
    old.close();
    successor.write();
    for (long key = 1; key <= 3; key++) {
      assertEquals(0, second.attempt(NET, key), "key " + key);
    }
    successor.write();
    assertEquals(3, Files.readString(file).lines().filter(line -> line.startsWith("P ")).count());
    assertEquals(0, afterKill().attempt(NET, 2));
  }

  @Test
  void aFileOfSomethingElse() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x".repeat(100_000), StandardCharsets.ISO_8859_1);
    State state = state();
    List<String> said = Logged.during(() -> keep(state));
    assertTrue(said.get(0).contains(" 1 lines of the file could not be used"), said::toString);
    assertEquals(300, state.attempt(NET, 1));
  }
}
