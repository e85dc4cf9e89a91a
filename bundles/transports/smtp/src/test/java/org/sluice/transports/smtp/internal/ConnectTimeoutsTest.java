package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.testkit.FakeControl;
import org.sluice.transports.smtp.internal.ConnectTimeouts.Advice;

/** What spec 10 section 17.2 and spec 30 section 3.5 have seen in tests, row by row. */
class ConnectTimeoutsTest {
  private static final long T = 1_000_000_000L;
  private static final InetAddress A = address("10.0.0.1");
  private static final InetAddress B = address("10.0.0.2");
  private static final String NONE = "00000000000000000000000000000000";

  @TempDir Path home;
  private long now = T;
  private ConnectTimeouts timeouts;

  @BeforeEach
  void start() {
    timeouts = new ConnectTimeouts(home, () -> Instant.ofEpochSecond(now), Duration.ofMinutes(1));
    timeouts.clear();
  }

  private static InetAddress address(String text) {
    return AddressLiteral.parse(text).orElseThrow();
  }

  private Path file() {
    return home.resolve("queue/lock/tcpto");
  }

  private String record(int index) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(file()), 16 * index, 16 * index + 16);
  }

  /** Of records in hex, then zeros. */
  private void table(int length, String... records) throws IOException {
    Files.write(file(), Arrays.copyOf(HexFormat.of().parseHex(String.join("", records)), length));
  }

  private void timeOut(InetAddress address, long at) {
    now = at;
    timeouts.timedOut(address);
  }

  private Advice ask(InetAddress address, long at) {
    now = at;
    return timeouts.ask(address, 0);
  }

  /** Count 2, the second time-out at T + 120. */
  private void twice() {
    timeOut(A, T);
    timeOut(A, T + 120);
  }

  @Test
  void theFirstTimeoutAndAgainTooSoon() throws Exception {
    timeOut(A, T);
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
    assertEquals(NONE, record(1));
    assertEquals(1024, Files.size(file()));
    assertEquals(Advice.TRY_KNOWN, ask(A, T));
    timeOut(A, T + 2);
    timeOut(A, T + 119);
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
  }

  @Test
  void theSecondTimeoutCountsTwoMinutesLater() throws Exception {
    twice();
    assertEquals("0a0000010200000078ca9a3b00000000", record(0));
    assertEquals(Advice.SKIP, ask(A, now));
  }

  @ParameterizedTest
  @CsvSource({"0, 3840", "11, 4544", "22, 5248", "1, 3904", "31, 5824"})
  void isSkippedForATimeThatTheProcessSpreads(int spread, long seconds) {
    twice();
    now = T + 120 + seconds - 1;
    assertEquals(Advice.SKIP, timeouts.ask(A, spread));
    now++;
    assertEquals(Advice.TRY_KNOWN, timeouts.ask(A, spread));
  }

  @Test
  void anotherTimeoutAfterThePause() throws Exception {
    twice();
    assertEquals(Advice.SKIP, ask(A, T + 120 + 3830));
    assertEquals(Advice.TRY_KNOWN, ask(A, T + 120 + 5830));
    timeouts.timedOut(A);
    assertEquals("0a000001030000003ee19a3b00000000", record(0));
  }

  @Test
  void aTimeInTheFutureIsRecent() throws Exception {
    twice();
    assertEquals(Advice.SKIP, ask(A, T - 100_000));
    timeOut(A, T - 100_000);
    assertEquals("0a0000010200000078ca9a3b00000000", record(0));
  }

  @Test
  void whoAnswersAndHasNoRecordGetsNone() throws Exception {
    twice();
    Advice advice = ask(B, T + 130);
    assertEquals(Advice.TRY, advice);
    timeouts.answered(B, advice);
    assertEquals("0a0000010200000078ca9a3b00000000", record(0));
    assertEquals(NONE, record(1));
    timeOut(B, T + 130);
    assertEquals("0a0000020100000082ca9a3b00000000", record(1));
    assertEquals("0a0000010200000078ca9a3b00000000", record(0));
  }

  @Test
  void whoAnswersIsForgivenAndItsNextTimeoutCountsAtOnce() throws Exception {
    twice();
    timeouts.answered(A, Advice.TRY_KNOWN);
    assertEquals("0a0000010000000078ca9a3b00000000", record(0));
    assertEquals(Advice.TRY_KNOWN, ask(A, T + 121));
    timeOut(A, T + 121);
    assertEquals("0a0000010100000079ca9a3b00000000", record(0));
  }

  /** The skip test did not find it, though another process has made a record meanwhile. */
  @Test
  void whoWasNotFoundIsNotForgiven() throws Exception {
    Advice advice = ask(A, T);
    timeouts.timedOut(A);
    timeouts.answered(A, advice);
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
  }

  @Test
  void aRecordThatHasGoneMeanwhileIsNotMadeAgain() throws Exception {
    twice();
    timeouts.clear();
    timeouts.answered(A, Advice.TRY_KNOWN);
    assertArrayEquals(new byte[1024], Files.readAllBytes(file()));
  }

  @Test
  void countsUpToTen() throws Exception {
    for (int i = 0; i < 12; i++) {
      timeOut(A, T + 120 * i);
    }
    assertEquals("0a0000010a00000028cf9a3b00000000", record(0));
  }

  @Test
  void aFullTableLosesTheRecordThatMattersLeast() throws Exception {
    for (int i = 0; i < 64; i++) {
      timeOut(address("192.168.0." + i), T + i);
    }
    timeOut(address("192.168.0.0"), T + 1000); // weighs T + 1000 + 2048, the next one T + 1 + 1024
    timeOut(A, T + 2000);
    assertEquals("c0a8000002000000e8cd9a3b00000000", record(0));
    assertEquals("0a00000101000000d0d19a3b00000000", record(1));
    timeouts.answered(address("192.168.0.63"), Advice.TRY_KNOWN);
    timeOut(B, T + 2000); // a free one is better than any
    assertEquals("0a00000201000000d0d19a3b00000000", record(63));
  }

  @Test
  void ofEqualsTheFirstIsLost() throws Exception {
    table(
        48,
        "0101010102000000" + "0004000000000000", // 2 * 1024 + 1024
        "0202020201000000" + "0008000000000000", // 1 * 1024 + 2048
        "0303030303000000" + "0000000000000000");
    timeOut(A, T);
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
  }

  @Test
  void unusedBytesStay() throws Exception {
    table(1024, "0a00000100abcdef0000000012345678", "0b00000102abcdef0000000012345678");
    timeOut(A, T);
    timeouts.answered(address("11.0.0.1"), Advice.TRY_KNOWN);
    assertEquals("0a00000101abcdef00ca9a3b12345678", record(0));
    assertEquals("0b00000100abcdef0000000012345678", record(1));
  }

  @Test
  void aShorterFileHasFewerRecords() throws Exception {
    table(47, "0101010101000000ffffff7f00000000", "0202020201000000ffffff7f00000000");
    timeOut(A, T);
    assertEquals(47, Files.size(file()));
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
    table(15);
    timeOut(B, T);
    assertArrayEquals(new byte[15], Files.readAllBytes(file()));
  }

  @Test
  void anEmptyOrMissingFileTurnsItOff() throws Exception {
    table(0);
    twice();
    assertEquals(Advice.TRY, ask(A, now));
    assertEquals(0, Files.size(file()));
    Files.delete(file());
    twice();
    assertEquals(Advice.TRY, ask(A, now));
    assertFalse(Files.exists(file()));
  }

  @Test
  void theSpawnerEmptiesItInPlace() throws Exception {
    byte[] ones = new byte[1040];
    Arrays.fill(ones, (byte) 1);
    Files.write(file(), ones);
    timeouts.clear();
    Arrays.fill(ones, 0, 1024, (byte) 0);
    assertArrayEquals(ones, Files.readAllBytes(file()));
  }

  @Test
  void thereIsNoRoomForIpv6() throws Exception {
    InetAddress six = InetAddress.getByName("2001:db8::1");
    timeOut(six, T);
    timeOut(six, T + 120);
    assertEquals(Advice.TRY, ask(six, T + 120));
    assertArrayEquals(new byte[1024], Files.readAllBytes(file()));
    // This is one of IPv4, and Java knows it.
    timeOut(InetAddress.getByName("::ffff:10.0.0.1"), T);
    assertEquals("0a0000010100000000ca9a3b00000000", record(0));
  }

  @Test
  void whatCannotBeOpenedIsNoTable() throws Exception {
    Files.delete(file());
    Files.createDirectory(file());
    timeouts.clear();
    twice();
    assertEquals(Advice.TRY, ask(A, now));
  }

  @Test
  void aRunKeepsItsNumberAndRunsDiffer() throws Exception {
    var control = new FakeControl(home, Map.of("me", "me.x"));
    var seen = new TreeSet<Integer>();
    for (int i = 0; i < 2000; i++) {
      seen.add(RemoteSettings.read(control).spread());
    }
    assertEquals(List.of(0, 31, 32), List.of(seen.first(), seen.last(), seen.size()));
  }
}
